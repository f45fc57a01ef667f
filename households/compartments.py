"""Luiken: what concerns one adult of a family stays out of the page, the print and the export of the other.

A luik is a `Member` with `has_compartment`; None stands for *Gedeeld*. Only families with `has_compartments` have any.
A page of one luik shows what is shared and that luik; *Gedeeld* shows no luik at all. What is printed or exported
of a family with luiken is always of one luik: see `must_choose`.
"""


def compartments_of(household):
    """The adults with a luik of their own, also who left the family meanwhile: what was told stays theirs."""
    return household.compartments


def chosen(request, household):
    """The luik that this page is about: `?luik=<number of the member>`, or a field with that name. None is *Gedeeld*.

    It is remembered on the family, so that everything on the page knows (`household.compartment`).
    """
    asked = request.POST.get("luik") or request.GET.get("luik", "")
    found = (each for each in household.compartments if str(each.pk) == asked)
    household.compartment = next(found, None)
    return household.compartment


def must_choose(household, compartment):
    """Whether a print or an export must wait until someone chose a luik."""
    return compartment is None and bool(household.compartments)


def belongs(present, household, compartment):
    """Whether something may stand on the page of this luik; `present` is a contact, or the people it is about.

    It belongs to a luik when the adult of that luik was there and nobody of another luik was. With both, or with the
    children alone, it is shared. Of what nobody was ticked for, we do not know whose it is: it stays out of each luik,
    and is found at *Gedeeld* until someone ticks who was there. `Contact.objects.told_in` says the same in SQL.
    """
    if not household.compartments:
        return True
    people = _ids_of(present)
    there = {member.person_id for member in household.compartments} & people
    if compartment is None:
        return len(there) != 1
    return there == {compartment.person_id} if len(there) == 1 else bool(people)


def is_for(owner, compartment):
    """The same for what has a luik of its own: a plan or a note with a nullable link to a member (`owner`)."""
    return owner is None or (compartment is not None and owner.person_id == compartment.person_id)


def hides(household, person_id):
    """Whether how to reach this person stays out of the page that is looked at now."""
    chosen_person = household.compartment.person_id if household.compartment else None
    return person_id in household.people_with_compartment and person_id != chosen_person


def _ids_of(present):
    people = present.present.all() if hasattr(present, "present") else present
    return {getattr(person, "pk", person) for person in people}


def shows_address(household):
    """The address stays out of the luik of who does not live there, and out of what both may read."""
    readers = [household.compartment] if household.compartment else household.compartments
    return all(member.is_current and member.stays == member.Stays.ALWAYS for member in readers)


def who_sees_what(adults):
    """Rows of a preview: what, whether it stands at *Gedeeld*, and whether in the luik of each of these adults."""
    if not adults:
        return []
    rows = []
    for adult in adults:
        own = [each is adult for each in adults]
        name = adult.person.first_name
        rows.append((f"Een gesprek met {name}, met of zonder de kinderen", False, own))
        rows.append((f"Telefoon en e-mail van {name}", False, own))
    names = " en ".join(each.person.first_name for each in adults)
    everyone = [True] * len(adults)
    if len(adults) > 1:
        rows.append((f"Een gesprek met {names} samen", True, everyone))
    rows.append(("Een gesprek met enkel de kinderen", True, everyone))
    rows.append(("Een contact waarbij niemand is aangevinkt", True, [False] * len(adults)))
    return rows
