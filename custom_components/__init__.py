"""Where Home Assistant looks for integrations; a package so that tests can import from it."""
