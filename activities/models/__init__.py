from activities.models.care import CareChange, CareConsent, CareSheet, PickupPerson
from activities.models.enrolment import Draw, RegistrationMove
from activities.models.exception import SeriesException
from activities.models.participant import Carer, Participant
from activities.models.presence import Attendance, HeadCount, Posting
from activities.models.registration import Channel, Registration, RegistrationGroup
from activities.models.series import ActivitySeries
from activities.models.session import Session

__all__ = [
    "ActivitySeries",
    "Attendance",
    "CareChange",
    "CareSheet",
    "Carer",
    "Channel",
    "CareConsent",
    "Draw",
    "HeadCount",
    "Participant",
    "PickupPerson",
    "Posting",
    "Registration",
    "RegistrationGroup",
    "RegistrationMove",
    "SeriesException",
    "Session",
]
