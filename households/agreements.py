"""What a family agreed with us about contact, and whether what we do or did is against it."""

from django.utils import timezone

from buurtwerk.interface.templatetags.look import day as in_words
from households.models import Contact, ContactAgreement, Household

Mode, Channel, Part = Contact.Mode, ContactAgreement.Channel, Contact.PartOfDay

CHANNEL_OF = {
    Mode.HOME: Channel.HOME,
    Mode.DOOR: Channel.HOME,
    Mode.CENTRE: Channel.CENTRE,
    Mode.PHONE: Channel.PHONE,
    Mode.MESSAGE: Channel.MESSAGE,
    Mode.EMAIL: Channel.EMAIL,
    Mode.CARD: Channel.LETTER,
}
# What rings or knocks, and so has an hour at which it does not suit.
AT_AN_HOUR = {Channel.HOME, Channel.PHONE, Channel.MESSAGE}
# Nobody of the family is spoken to, or everyone came along by themselves.
WITHOUT_THE_FAMILY = {Mode.PARTNER_TALK, Mode.GROUP}
NOT_OURS = {Contact.Initiative.RESIDENT, Contact.Initiative.CHANCE}
PART_BEGINS_AT = [(18, Part.EVENING), (12, Part.AFTERNOON), (0, Part.MORNING)]


def part_of(time):
    """The part of the day to which a time belongs."""
    return next(part for hour, part in PART_BEGINS_AT if time.hour >= hour)


def agreement_of(household):
    """What was agreed, or None; in no query when the family came with `select_related("agreement")`."""
    return getattr(household, "agreement", None)


def breaches(household, *, mode, on, part_of_day="", at_time=None, initiative=""):
    """Why a contact in this way, on this day, is not what the family agreed to: sentences, none when all is well.

    An attempt counts as much as a talk. When the resident came to us, or we met by chance, nothing is broken.
    """
    if initiative in NOT_OURS or mode in WITHOUT_THE_FAMILY:
        return []
    agreement = agreement_of(household)
    found = [_rest(household, agreement, on)]
    if agreement:
        channel = CHANNEL_OF.get(mode)
        found.append(_channel(agreement, channel))
        if channel in AT_AN_HOUR:
            part = part_of(at_time) if at_time else part_of_day or _part_of_now(on)
            found += [_weekday(agreement, on), _part(agreement, part)]
    return [sentence for sentence in found if sentence]


def breaches_now(household, mode):
    """The same, for a button that calls or writes this very moment."""
    now = timezone.localtime()
    return breaches(household, mode=mode, on=now.date(), at_time=now.time())


def allowed_channels(household):
    """The channels that the family agreed to; all of them when it chose none."""
    agreement = agreement_of(household)
    return list(agreement.channels) if agreement and agreement.channels else list(Channel)


def allowed_parts(household):
    agreement = agreement_of(household)
    return list(agreement.parts_of_day) if agreement and agreement.parts_of_day else list(Part)


def rests(household):
    """Whether the family asked to be left in peace today."""
    return bool(_rest(household, agreement_of(household), timezone.localdate()))


def _rest(household, agreement, on):
    if agreement and agreement.rests_on(on):
        return f"Dit gezin vroeg rust tot en met {in_words(agreement.pause_until)}."
    if household.status == Household.Status.PAUSED:
        return "Dit gezin staat op rust, op eigen vraag."
    return ""


def _channel(agreement, channel):
    if not agreement.channels or channel is None or channel in agreement.channels:
        return ""
    return f"{channel.label} is niet afgesproken. Wel: {_listed(agreement.channel_labels)}."


def _weekday(agreement, on):
    if not agreement.weekdays or on.isoweekday() in agreement.weekdays:
        return ""
    day = ContactAgreement.Weekday(on.isoweekday()).label
    return f"{day} is niet afgesproken. Wel: {_listed(agreement.weekday_labels)}."


def _part(agreement, part):
    if not agreement.parts_of_day or not part or part in agreement.parts_of_day:
        return ""
    return f"De {Part(part).label.lower()} is niet afgesproken. Wel: {_listed(agreement.part_labels)}."


def _part_of_now(on):
    """Who notes today and says no hour, was there just now. It is only used to warn, and never kept."""
    now = timezone.localtime()
    return part_of(now) if on == now.date() else ""


def _listed(labels):
    first, *rest = [label[0].lower() + label[1:] for label in labels]
    return f"{', '.join([first, *rest[:-1]])} of {rest[-1]}" if rest else first
