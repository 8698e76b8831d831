"""Every language says all that English says, with the same gaps, and in its own words."""

import json
import re
from collections import Counter
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

import pytest

from custom_components.tapo_doctor.doctor.causes import Cause
from custom_components.tapo_doctor.doctor.playbook import Step
from custom_components.tapo_doctor.words import Words

from .source import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from homeassistant.core import HomeAssistant

FOLDER: Final = PACKAGE / "translations"
REQUIRED: Final = frozenset({"en", "de", "fr", "es", "it", "nl", "pl", "pt"})
OTHERS: Final = sorted({path.stem for path in FOLDER.glob("*.json")} - {"en"})

# What is the same in every language: a name, and what consists of gaps, units and signs only.
NAMES: Final = frozenset({"Tapo Doctor"})
UNITS: Final = frozenset({"d", "h", "min", "s"})
# Words that a language shares with English, each as Home Assistant says it there, too.
SHARED: Final[Mapping[str, frozenset[str]]] = {
    "de": frozenset({"Firmware", "Gateway", "Normal", "Offline", "Online", "Status"}),
    "es": frozenset({"Firmware", "No", "Normal"}),
    "fr": frozenset({"Cause", "E-mail", "Options", "Possible"}),
    "it": frozenset({"E-mail", "Firmware", "Gateway", "No", "Password"}),
    "nl": frozenset(
        {"Camera", "E-mail", "Firmware", "Gateway", "Offline", "Online", "Status"}
        # "{camera} is offline" is whole Dutch.
        | {"{camera} is offline"}
    ),
    "pl": frozenset({"E-mail", "Offline", "Online"}),
    "pt": frozenset({"E-mail", "Firmware", "Gateway", "Normal", "Offline", "Online"}),
}
MARKS: Final = re.compile(r"\*\*|```|`|\]\(|\n(?:[-#]|\d+\.)|\n")


def texts_of(language: str) -> dict[str, str]:
    """Read all texts of a language, by their paths and in their order."""
    content = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return dict(_leaves(content))


def _leaves(tree: Mapping[str, Any], *path: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, *path, key)
        else:
            yield ".".join((*path, key)), value


def gaps_of(text: str) -> Counter[str]:
    """Count the gaps of a text; what stands in braces for show is none."""
    return Counter(field for _, field, _, _ in Formatter().parse(text) if field is not None)


def marks_of(text: str) -> Counter[str]:
    """Count what gives a text its form: emphasis, links, code, lists and lines."""
    return Counter(MARKS.findall(text))


def wordless(text: str) -> bool:
    """Tell a text that leaves nothing to translate."""
    spoken = "".join(literal for literal, *_ in Formatter().parse(text))
    return set(re.findall(r"[^\W\d_]+", spoken)) <= UNITS


ENGLISH: Final = texts_of("en")


def test_all_eight_languages_are_there() -> None:
    """A language that went missing would show English to a whole country."""
    assert {"en", *OTHERS} >= REQUIRED


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_all_that_english_says(language: str) -> None:
    """A missing text is an English line in the middle of a page; one too many is never read."""
    assert list(texts_of(language)) == list(ENGLISH)


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_empty_or_has_blanks_around_it(language: str) -> None:
    """An empty text is an empty place on the screen."""
    texts = texts_of(language)
    assert {path for path, text in texts.items() if not text or text != text.strip()} == set()


@pytest.mark.parametrize("language", OTHERS)
def test_the_gaps_are_those_of_english(language: str) -> None:
    """A misspelt gap is a pair of braces on the screen, where the name of the camera should be."""
    wrong = {
        path for path, text in texts_of(language).items() if gaps_of(text) != gaps_of(ENGLISH[path])
    }
    assert wrong == set()


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_no_apostrophe_touches_a_gap(language: str) -> None:
    """Home Assistant's pages take an apostrophe before a brace for a quote, and fill no gap."""
    texts = texts_of(language)
    assert {path for path, text in texts.items() if re.search(r"'[{}]|[{}]'", text)} == set()


@pytest.mark.parametrize("language", OTHERS)
def test_the_form_is_that_of_english(language: str) -> None:
    """Half a pair of asterisks stays on the screen as asterisks."""
    wrong = {
        path
        for path, text in texts_of(language).items()
        if marks_of(text) != marks_of(ENGLISH[path])
    }
    assert wrong == set()


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    """A text that was copied and forgotten looks complete to every other check."""
    texts = texts_of(language)
    same = {text for path, text in texts.items() if text == ENGLISH[path]} - NAMES
    assert {text for text in same if not wordless(text)} == SHARED.get(language, frozenset())


@pytest.mark.parametrize("language", OTHERS)
def test_quotes_are_those_of_the_language(language: str) -> None:
    """The straight quotes are those of typewriters and programs."""
    assert {path for path, text in texts_of(language).items() if '"' in text} == set()


@pytest.mark.parametrize("language", OTHERS)
async def test_notices_speak_the_homes_language(hass: HomeAssistant, language: str) -> None:
    """A notice at night is read half asleep: no time for a foreign language."""
    hass.config.language = language
    words, texts = await Words.load(hass), texts_of(language)
    title = texts["selector.notice_title.options.trouble"]
    assert words.say("notice_title", "trouble", {"camera": "A"}) == title.replace("{camera}", "A")
    assert words.cause(Cause.WEAK_SIGNAL) == texts["entity.sensor.diagnosis.state.weak_signal"]
    assert words.step(Step.WAIT).startswith(f"{texts['selector.step.options.wait']}: ")


async def test_a_home_of_any_other_language_is_told_in_english(hass: HomeAssistant) -> None:
    """Keys instead of words would help nobody."""
    hass.config.language = "is"
    assert (await Words.load(hass)).cause(Cause.WEAK_SIGNAL) == "Weak signal"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{days} d {hours} h", True),
        ("{name}", True),
        ("{minutes} minutes", False),
        ("Offline", False),
        ("192.168.1.23:80", True),
    ],
)
def test_what_needs_no_translation_is_told_from_words(text: str, *, found: bool) -> None:
    """A check that takes words for units would let a whole language through."""
    assert wordless(text) is found


def test_gaps_and_marks_are_found() -> None:
    """A check that finds none would find every translation well."""
    assert gaps_of("{a}, {b} and {a}, {{no}}") == {"a": 2, "b": 1}
    assert marks_of("**a** and\n- [b](c)\n`d`") == {"**": 2, "\n-": 1, "](": 1, "\n": 1, "`": 2}
