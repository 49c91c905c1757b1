"""What is true about connections that fail: every cause the doctor knows, one verdict each."""

from collections.abc import Mapping

from longshore.domain.verdicts.address import ADDRESS, legacy_switch
from longshore.domain.verdicts.answers import ANSWERS
from longshore.domain.verdicts.facts import FACTS
from longshore.domain.verdicts.firewalls import FIREWALLS
from longshore.domain.verdicts.keys import KEYS
from longshore.domain.verdicts.kind import Verdict
from longshore.domain.verdicts.network import NETWORK

VERDICTS: Mapping[str, Verdict] = {
    verdict.code: verdict for verdict in (*NETWORK, *ADDRESS, *FIREWALLS, *KEYS, *ANSWERS, *FACTS)
}

__all__ = ["VERDICTS", "Verdict", "legacy_switch"]
