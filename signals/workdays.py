from datetime import timedelta

from buurtwerk.places.models import PublicHoliday


def work_days_after(day, number):
    """The day that lies this many work days later: no weekends, no public holidays."""
    last = day + timedelta(days=7 + 3 * number)
    holidays = set(PublicHoliday.objects.legal().filter(day__range=(day, last)).values_list("day", flat=True))
    while number:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            number -= 1
    return day
