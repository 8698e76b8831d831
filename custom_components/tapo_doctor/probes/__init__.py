"""The senses: the only files that touch cameras, network, plugs and router.

Every probe is time-boxed, returns what it found, and tells apart seen, not seen and could
not look (None). None of them raises for what a device does or leaves undone.
"""
