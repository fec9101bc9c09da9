"""What the pictures need besides the view: whose phone this is and what time it is."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`local_time` as of `time.localtime`; `account` is a SIP URI and `address` HTTP's; both may be empty."""

    name: str
    local_time: time.struct_time
    version: str
    account: str
    address: str
