from activities.models.care import CareChange, CareConsent, CareSheet, PickupPerson
from activities.models.change import SessionChange
from activities.models.enrolment import Draw, RegistrationMove
from activities.models.exception import SeriesException
from activities.models.participant import Carer, Participant
from activities.models.phase import SeriesPhase
from activities.models.presence import Attendance, HeadCount, Posting
from activities.models.ratio import Band, Ratio
from activities.models.registration import Channel, Registration, RegistrationGroup
from activities.models.series import ActivitySeries
from activities.models.session import Session

__all__ = [
    "ActivitySeries",
    "Attendance",
    "Band",
    "CareChange",
    "CareConsent",
    "CareSheet",
    "Carer",
    "Channel",
    "Draw",
    "HeadCount",
    "Participant",
    "PickupPerson",
    "Posting",
    "Ratio",
    "Registration",
    "RegistrationGroup",
    "RegistrationMove",
    "SeriesException",
    "SeriesPhase",
    "Session",
    "SessionChange",
]
