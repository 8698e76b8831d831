"""Plays chapters of the story, and measures what Home Assistant shows of them."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from .client import RefusedError
from .story import Kind

if TYPE_CHECKING:
    from .stage import Stage
    from .story import Chapter

# Longer than any goal, so that a figure is measured also where the goal is missed.
DETECTED_WITHIN: Final = {
    Kind.GONE: 40.0,
    Kind.MOVED: 40.0,
    Kind.HUNG: 120.0,
    Kind.FADES: 60.0,
    Kind.ASKED: 30.0,
}
NAMED_WITHIN: Final = 15.0
ON_THE_AIR_WITHIN: Final = 60.0
RECOVERED_WITHIN: Final = 30.0


@dataclass(slots=True, kw_only=True)
class Finding:
    """What came of one failure of one camera; seconds are missing where it was not seen."""

    chapter: Chapter
    camera: str
    detected: float | None = None
    named: float | None = None
    confidence: float = 0.0
    certainty: str = ""
    recovered: float | None = None
    complaints: list[str] = field(default_factory=list)

    def complain(self, text: str) -> None:
        """Note what was not as it should be."""
        self.complaints.append(f"{self.camera} ({self.chapter.cause}): {text}")


async def play(stage: Stage, chapter: Chapter, *, hold: float) -> list[Finding]:
    """Play a chapter from the failure to the recovery; the failure stays for `hold` seconds."""
    names = ", ".join(chapter.cameras)
    stage.say(f"{names}: {chapter.title}")
    findings = [Finding(chapter=chapter, camera=camera) for camera in chapter.cameras]
    begin = time.monotonic()
    await chapter.happens(stage, chapter)
    if chapter.kind is Kind.FADES:
        begin = time.monotonic()
    await asyncio.gather(*(_see(stage, finding, begin) for finding in findings))
    if chapter.kind is Kind.MOVED:
        await asyncio.gather(*(_be_followed(stage, finding, begin) for finding in findings))
        return findings
    await asyncio.sleep(hold)
    for finding in findings:
        _look_again(stage, finding)
    try:
        await chapter.mended(stage, chapter)
    except RefusedError as err:
        findings[0].complain(str(err))
    await asyncio.gather(*(_recover(stage, finding) for finding in findings))
    return findings


async def _see(stage: Stage, finding: Finding, begin: float) -> None:
    """Wait until the camera is shown to be in trouble, and then for the right cause."""
    camera, chapter = finding.camera, finding.chapter
    patience = DETECTED_WITHIN[chapter.kind]
    seen = await stage.watch.until(lambda: stage.in_trouble(camera), patience)
    if seen is None:
        finding.complain(f"no problem was shown within {patience:.0f} s")
        return
    # A fading camera may be missed before it is wholly gone.
    finding.detected = max(0.0, seen - begin)
    right = await stage.watch.until(lambda: _names_it(stage, finding), NAMED_WITHIN)
    if right is None:
        ranking = stage.details(camera).get("candidates")
        finding.complain(
            f"the cause shown was {stage.shows(camera, 'diagnosis')} instead, of {ranking}"
        )
        return
    finding.named = max(0.0, right - begin)
    details = stage.details(camera)
    finding.confidence = float(details.get("confidence", 0))
    finding.certainty = str(details.get("certainty", ""))
    reasons = "; ".join(details.get("reasons_in_words", ()))
    stage.say(
        f"{camera}: problem after {finding.detected:.1f} s; after {finding.named:.1f} s "
        f"{chapter.cause}, {finding.certainty} ({finding.confidence:.0%}): {reasons}"
    )


def _names_it(stage: Stage, finding: Finding) -> bool:
    return stage.shows(finding.camera, "diagnosis") == finding.chapter.cause


def _look_again(stage: Stage, finding: Finding) -> None:
    """See whether it still says so; a cause that does not stay helps nobody."""
    if finding.named is None:
        return
    if not stage.in_trouble(finding.camera) or not _names_it(stage, finding):
        shown = stage.shows(finding.camera, "diagnosis")
        finding.complain(f"the right cause did not stay, it became {shown}")
    details = stage.details(finding.camera)
    finding.confidence = float(details.get("confidence", 0))
    finding.certainty = str(details.get("certainty", ""))


async def _be_followed(stage: Stage, finding: Finding, begin: float) -> None:
    """Wait until the doctor watches it where it is now; counted from when it moved."""
    camera = finding.camera
    shown = await stage.watch.until(lambda: stage.back(camera), RECOVERED_WITHIN)
    if shown is None:
        finding.complain(f"it was not followed within {RECOVERED_WITHIN:.0f} s")
        return
    finding.recovered = max(0.0, shown - begin)
    stage.say(f"{camera}: followed to its new address, {finding.recovered:.1f} s after it moved")


async def _recover(stage: Stage, finding: Finding) -> None:
    """Wait until the camera is back, and measure until that is shown."""
    camera = finding.camera
    back = await stage.on_the_air(camera, ON_THE_AIR_WITHIN)
    if back is None:
        finding.complain("the simulated camera did not come back")
        return
    shown = await stage.watch.until(lambda: stage.back(camera), RECOVERED_WITHIN)
    if shown is None:
        instead = f"{stage.shows(camera, 'status')}, {stage.details(camera).get('candidates')}"
        finding.complain(f"no recovery was shown within {RECOVERED_WITHIN:.0f} s ({instead})")
        return
    finding.recovered = max(0.0, shown - back)
    stage.say(f"{camera}: shown to be back, {finding.recovered:.1f} s after it came back")
