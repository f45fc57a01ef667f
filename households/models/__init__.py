from households.models.agreement import ContactAgreement
from households.models.attachment import Attachment
from households.models.bike import Bike, BikeLoan, BikeRepair, BikeService, BikeSize, BikeTariff
from households.models.contact import Contact
from households.models.contact_text import ContactAddition, SealedNote, WorkNote
from households.models.follow_up import FollowUp
from households.models.glass import BreakGlass
from households.models.handover import HandedFamily, Handover
from households.models.help_request import HelpRequest
from households.models.household import Household
from households.models.merge import MergeRecord, NotDouble
from households.models.person import Member, Person
from households.models.plan import Plan, PlanGoal, PlanStep
from households.models.referral import Consent, Referral, ReferralMove
from households.models.retention import (
    ContactFact,
    DestructionBatch,
    DestructionLine,
    ErasureRecord,
    RetentionHold,
    RetentionTerm,
)
from households.models.review import Review
from households.models.right import Right, RightCheck
from households.models.round import OutreachRound, RoundDoor
from households.models.sheet import UploadedSheet
from households.models.subject_request import SubjectRequest
from households.models.support import SupportLink
from households.models.visit_note import HomeVisitNote

__all__ = [
    "Attachment",
    "Bike",
    "BikeLoan",
    "BikeRepair",
    "BikeService",
    "BikeSize",
    "BikeTariff",
    "BreakGlass",
    "Consent",
    "Contact",
    "ContactAddition",
    "ContactAgreement",
    "ContactFact",
    "DestructionBatch",
    "DestructionLine",
    "ErasureRecord",
    "FollowUp",
    "HandedFamily",
    "Handover",
    "HelpRequest",
    "HomeVisitNote",
    "Household",
    "Member",
    "MergeRecord",
    "NotDouble",
    "OutreachRound",
    "Person",
    "Plan",
    "PlanGoal",
    "PlanStep",
    "Referral",
    "ReferralMove",
    "RetentionHold",
    "RetentionTerm",
    "Review",
    "Right",
    "RightCheck",
    "RoundDoor",
    "SealedNote",
    "SubjectRequest",
    "SupportLink",
    "UploadedSheet",
    "WorkNote",
]
