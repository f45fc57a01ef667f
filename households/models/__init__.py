from households.models.contact import Contact
from households.models.follow_up import FollowUp
from households.models.household import ContactAgreement, Household
from households.models.person import Member, Person
from households.models.referral import Consent, Referral, ReferralMove

__all__ = [
    "Consent",
    "Contact",
    "ContactAgreement",
    "FollowUp",
    "Household",
    "Member",
    "Person",
    "Referral",
    "ReferralMove",
]
