from households.models.agreement import ContactAgreement
from households.models.contact import Contact
from households.models.contact_text import ContactAddition, SealedNote, WorkNote
from households.models.follow_up import FollowUp
from households.models.glass import BreakGlass
from households.models.household import Household
from households.models.person import Member, Person
from households.models.referral import Consent, Referral, ReferralMove

__all__ = [
    "BreakGlass",
    "Consent",
    "Contact",
    "ContactAddition",
    "ContactAgreement",
    "FollowUp",
    "Household",
    "Member",
    "Person",
    "Referral",
    "ReferralMove",
    "SealedNote",
    "WorkNote",
]
