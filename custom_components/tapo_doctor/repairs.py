"""The guided repair: what is the matter, what to look at, what to do, and whether it helped.

Each page is made from what is known at that moment, so that it does not matter whether the
camera has come back by itself, somebody else was quicker, or the entry was loaded again.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import voluptuous as vol
from homeassistant.components.repairs import FlowType, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_RECONFIGURE, ConfigEntryState
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig, SelectSelectorMode

from .const import DOMAIN, SUBENTRY_CAMERA
from .doctor.diagnosis import Certainty
from .doctor.playbook import SHOWS_WITHIN, Step
from .doctor.told import UNKNOWN, answers
from .patients import HOME, async_find_patient
from .remedies import REMEDIES
from .summary import placeholders_of

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from .doctor.questions import Question, QuestionKey
    from .home import TapoDoctorConfigEntry
    from .patients import Patient

# Whoever has opened a repair wants to do something; more questions in a row are a form to fill in.
_MOST_QUESTIONS: Final = 3
# While a person waits for a camera to come back, it is looked for this often.
_GLANCE_S: Final = 5
# After a reload it takes the first looks until there is a verdict again.
_VERDICT_S: Final = 60
# Steps that have a dialog of their own.
_DIALOGS: Final = {Step.ENTER_PASSWORD: "enter_password", Step.RESERVE_ADDRESS: "change_settings"}


async def async_create_fix_flow(
    _hass: HomeAssistant, _issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Begin the repair of an issue."""
    known = data or {}
    return TroubleRepairFlow(str(known.get("entry_id")), str(known.get("patient")))


class TroubleRepairFlow(RepairsFlow):
    """Walks a person through the playbook; finishing it means that the trouble is over."""

    def __init__(self, entry_id: str, key: str) -> None:
        self._entry_id = entry_id
        self._key = key
        self._question: QuestionKey | None = None
        self._asked: set[QuestionKey] = set()
        """What was put since the last step was taken."""
        self._step: Step | None = None
        self._treated: frozenset[str] = frozenset()
        self._since: datetime | None = None
        """When the trouble began, also once it is over."""
        self._past: set[Step] = set()
        """What was taken or left out on this way."""
        self._refused: set[Step] = set()
        """What was not done for the person, who still can."""
        self._reason = ""
        self._by_hand = True
        self._news = "begin"
        self._places: dict[str, str] = {}
        self._work: asyncio.Task[None] | None = None

    # The patient

    def _entry(self) -> TapoDoctorConfigEntry:
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None or self._key not in {HOME, *entry.subentries}:
            raise AbortFlow("gone")
        return entry

    def _patient(self) -> Patient | None:
        """Return the patient as it is now; None while the entry is not ready."""
        entry = self._entry()
        if entry.state is not ConfigEntryState.LOADED:
            return None
        patient = async_find_patient(entry.runtime_data, self._key, self._treated)
        if patient is not None:
            self._treated = frozenset(camera.subentry_id for camera in patient.cameras)
            self._since = patient.since or self._since
        return patient

    def _ready(self) -> Patient:
        if (patient := self._patient()) is None:
            raise AbortFlow("not_ready")
        return patient

    def _known(self, patient: Patient | None) -> dict[str, str]:
        """Fill in the places in the words of every page; what was known last serves meanwhile."""
        if patient is not None:
            words = self._entry().runtime_data.words
            self._places = placeholders_of(patient, words)
            self._places["news"] = words.say("repair", self._news, {"reason": self._reason})
            if self._step is not None:
                self._places["step"] = words.say("step", self._step)
                self._places["how"] = words.say("step_how", self._step)
                self._places["sees"] = words.say("step_sees", self._step)
        return self._places

    # Pages

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say what is the matter, how sure that is, and why."""
        patient = self._ready()
        if patient.well:
            return self._finish("well", patient)
        return self._form("diagnosis", patient)

    async def async_step_diagnosis(
        self, _user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Go on from the diagnosis."""
        return self._go_on()

    def _go_on(self) -> RepairsFlowResult:
        """Turn to the page that is due."""
        if (patient := self._patient()) is None:
            # The entry is being loaded again; that takes some seconds.
            self._step = None
            return self._wait_for(self._async_see(None))
        if patient.well:
            return self._finish("well", patient)
        question = patient.diagnosis.ask
        doubt = patient.diagnosis.certainty is not Certainty.CERTAIN
        if (
            question is not None
            # A verdict that stands as it was, as of what ebbs away, would ask the same again.
            and question.key not in self._asked
            and len(self._asked) < _MOST_QUESTIONS
            and doubt
        ):
            return self._ask(patient, question)
        return self._advise(patient)

    def _form(
        self, page: str, patient: Patient, schema: vol.Schema | None = None, **places: str
    ) -> RepairsFlowResult:
        return self.async_show_form(
            step_id=page,
            data_schema=schema or vol.Schema({}),
            description_placeholders={**self._known(patient), **places},
            last_step=False,
        )

    def _finish(self, how: str, patient: Patient) -> RepairsFlowResult:
        """End it: the trouble is over, and its issue with it."""
        return self.async_create_entry(
            data={}, description=how, description_placeholders=self._known(patient)
        )

    def _ask(self, patient: Patient, question: Question) -> RepairsFlowResult:
        """Put the question that helps most."""
        self._question = question.key
        options = SelectSelectorConfig(
            options=list(answers(question.key)),
            mode=SelectSelectorMode.LIST,
            translation_key=f"answer_{question.key}",
        )
        schema = vol.Schema({vol.Required("answer", default=UNKNOWN): SelectSelector(options)})
        words = self._entry().runtime_data.words
        return self._form("question", patient, schema, question=words.say("question", question.key))

    async def async_step_question(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Take an answer."""
        patient = self._patient()
        if patient is not None and self._question is not None and user_input is not None:
            self._asked.add(self._question)
            patient.async_tell(self._question, user_input["answer"])
        return self._go_on()

    def _advise(self, patient: Patient) -> RepairsFlowResult:
        """Show the best step that is left."""
        # Support comes last, however likely it is to help: the rest can be tried at once.
        past = {*self._past, Step.CONTACT_SUPPORT}
        left = (step for step in patient.diagnosis.steps if step not in past)
        self._step = next(left, Step.CONTACT_SUPPORT)
        support = self._step is Step.CONTACT_SUPPORT
        dialog = _DIALOGS.get(self._step)
        # The home has an account, but no address: that is each camera's own.
        if self._key == HOME and dialog == "change_settings":
            dialog = None
        short_cuts = [dialog, "do_it" if self._can_be_done(patient) else None]
        return self.async_show_menu(
            step_id="support" if support else "advice",
            menu_options=[
                *(option for option in short_cuts if option),
                "done",
                "leave" if support else "skip",
            ],
            description_placeholders=self._known(patient),
        )

    def _can_be_done(self, patient: Patient) -> bool:
        """Whether the doctor can take the step by itself."""
        remedy = None if self._step is None else REMEDIES.get(self._step)
        if remedy is None or self._step in self._refused or not patient.cameras:
            return False
        # Of several cameras not one can be meant; the network is restarted for all of them.
        one = len(patient.cameras) == 1 or self._step is Step.RESTART_ROUTER_AND_CAMERA
        return one and remedy.available_fn(patient.cameras[0])

    async def async_step_advice(
        self, _user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Show the step again; the menu leads on by its choices."""
        return self._go_on()

    async def async_step_support(
        self, _user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Show the last page again; the menu leads on by its choices."""
        return self._go_on()

    # Choices

    async def async_step_done(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Examine it: a person says that the step is taken."""
        self._by_hand = True
        return self._wait_for(self._async_see(self._step))

    async def async_step_do_it(
        self, _user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Take the step, because a person has asked for it."""
        self._by_hand = False
        return self._wait_for(self._async_do())

    async def async_step_skip(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Leave a step out that cannot be taken; that says nothing about the cause."""
        if self._step is not None:
            self._past.add(self._step)
        self._news = "skipped"
        return self._go_on()

    async def async_step_leave(
        self, _user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Leave it open."""
        return self.async_abort(reason="left_open", description_placeholders=self._places)

    async def async_step_enter_password(
        self, _user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Hand over to the dialog that asks for the account."""
        entry = self._entry()
        sources = {SOURCE_REAUTH, SOURCE_RECONFIGURE}
        flow = next(entry.async_get_active_flows(self.hass, sources), None)
        if flow is None:
            # It is asked for anew by itself only where no camera at all accepts the account.
            flow = await self.hass.config_entries.flow.async_init(
                DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
            )
        return self.async_abort(
            reason="continue_login", next_flow=(FlowType.CONFIG_FLOW, flow["flow_id"])
        )

    async def async_step_change_settings(
        self, _user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Hand over to the dialog for the camera's settings."""
        self._entry()
        flow = await self.hass.config_entries.subentries.async_init(
            (self._entry_id, SUBENTRY_CAMERA),
            context={"source": SOURCE_RECONFIGURE, "subentry_id": self._key},
        )
        return self.async_abort(
            reason="continue_settings",
            description_placeholders=self._places,
            next_flow=(FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"]),
        )

    # Waiting

    def _wait_for(self, work: Coroutine[Any, Any, None]) -> RepairsFlowResult:
        """Show that something is under way."""
        self._work = self.hass.async_create_background_task(work, "tapo_doctor repair")
        return self._progress(self._work)

    def _progress(self, work: asyncio.Task[None]) -> RepairsFlowResult:
        return self.async_show_progress(
            step_id="check",
            progress_action="check" if self._by_hand else "do_it",
            progress_task=work,
            description_placeholders=self._places,
        )

    async def _async_do(self) -> None:
        """Take the step; a remedy waits by itself until it shows whether it has helped."""
        with suppress(AbortFlow):
            patient, step = self._ready(), self._step
            if step is None:
                return
            try:
                await REMEDIES[step].run_fn(patient.cameras[0], None)
            except HomeAssistantError as error:
                self._reason = patient.cameras[0].home.words.error(error)
                self._refused.add(step)
                return
            await self._async_see(None)

    async def _async_see(self, step: Step | None) -> None:
        """Wait until it shows whether a step has helped; whoever leaves ends the waiting."""
        with suppress(AbortFlow):
            examined, waited = False, 0
            while True:
                patient = self._patient()
                if patient is not None:
                    await (patient.async_glance() if examined else patient.async_examine(step))
                    examined, patient = True, self._patient()
                if patient is not None and patient.well:
                    return
                shows = SHOWS_WITHIN.get(step, 0) if step else 0
                if waited >= (shows if patient is not None else _VERDICT_S):
                    return
                await asyncio.sleep(_GLANCE_S)
                waited += _GLANCE_S

    async def async_step_check(
        self, _user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Go on when it has shown."""
        if self._work is not None and not self._work.done():
            return self._progress(self._work)
        return self.async_show_progress_done(next_step_id="checked")

    async def async_step_checked(
        self, _user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Say what came of it; a step that did not help is evidence for the next."""
        patient, step = self._ready(), self._step
        if step is None or step is Step.CONTACT_SUPPORT:
            return self._go_on()
        if not self._by_hand and step in self._refused:
            self._news = "refused"
            return self._go_on()
        if patient.well:
            if self._since is not None:
                patient.async_note_success(step, since=self._since, by_hand=self._by_hand)
            return self._finish("helped", patient)
        patient.async_note_failure(step, by_hand=self._by_hand)
        self._past.add(step)
        self._asked.clear()
        self._news = "failed"
        return self._go_on()
