"""What hangs on a contact: a photo and a letter, text that was added, a correction, a talk without a name to link."""

import io
import uuid
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from buurtwerk.accounts.models import User
from buurtwerk.accounts.rowlevel import asking_everything
from buurtwerk.demo.people import HOOGLAND
from buurtwerk.interface.uploads import accepted
from buurtwerk.places.models import Centre
from households.actions import attachments
from households.actions.contacts import settle_rhythm
from households.models import Contact, ContactAddition, Household

NAMESPACE = uuid.UUID("8d3c5d8e-1f7e-4a55-9d0f-7a3a52f4c1b7")
WITH_PAPERS, CORRECTED, NAMELESS = (uuid.uuid5(NAMESPACE, name) for name in ("papers", "corrected", "nameless"))


def load_papers():
    """Each contact once: what people changed or took away since, is left as they left it."""
    with asking_everything():
        centre = Centre.objects.get(slug=HOOGLAND)
        noor, els = User.objects.get(username="noor"), User.objects.get(username="els")
        family = Household.objects.filter(centre=centre, nickname="Gezin van Samira", merged_into=None).first()
        if family and _is_new(WITH_PAPERS):
            _load_papers(family, by=noor)
        if family and _is_new(CORRECTED):
            _load_correction(family, by=noor, corrected_by=els)
        if _is_new(NAMELESS):
            _load_nameless(centre, by=noor)


def _is_new(client_uuid):
    return not Contact.pgh_event_model.objects.filter(client_uuid=client_uuid).exists()


def _contact(client_uuid, centre, household, by, *, days_ago, **fields):
    then = timezone.now() - timedelta(days=days_ago)
    return Contact.objects.create(
        client_uuid=client_uuid,
        centre=centre,
        household=household,
        author=by,
        happened_on=timezone.localdate(then),
        created_at=then,
        outcome=Contact.Outcome.TALKED,
        **fields,
    )


def _load_papers(family, *, by):
    note = "Feit: Op de muur in de slaapkamer staat een zwarte vlek. Gehoord: De huisbaas komt volgende week kijken."
    contact = _contact(
        WITH_PAPERS, family.centre, family, by, days_ago=18, mode=Contact.Mode.HOME, themes=["housing"], note=note
    )
    for name, content in (("muur-slaapkamer.png", _photo()), ("brief-huisbaas.pdf", _letter())):
        attachments.add(accepted(SimpleUploadedFile(name, content)), by=by, contact=contact)
    ContactAddition.objects.create(
        centre=family.centre,
        household=family,
        contact=contact,
        text="De huisbaas is geweest. Hij laat de muur in het voorjaar herstellen.",
        by=by,
    )
    settle_rhythm(family)


def _load_correction(family, *, by, corrected_by):
    note = "De kinderen gaan naar de speelnamiddag op maandag."
    contact = _contact(
        CORRECTED, family.centre, family, by, days_ago=12, mode=Contact.Mode.PHONE, themes=["youth_leisure"], note=note
    )
    contact.note = "De kinderen gaan naar de speelnamiddag op woensdag."
    contact.version += 1
    contact.save()
    ContactAddition.objects.create(
        centre=family.centre,
        household=family,
        contact=contact,
        kind=ContactAddition.Kind.CORRECTION,
        text="De speelnamiddag is op woensdag.",
        by=corrected_by,
    )
    settle_rhythm(family)


def _load_nameless(centre, *, by):
    note = "Gehoord: Ze woont sinds kort alleen en kent nog niemand in de buurt. Ik vertelde over de koffie op dinsdag."
    fields = {"mode": Contact.Mode.STREET, "themes": ["mental_wellbeing"], "place": "Bank aan het plein"}
    _contact(NAMELESS, centre, None, by, days_ago=14, age_group=Contact.AgeGroup.SENIOR, note=note, **fields)


def _photo():
    """A wall with a spot, drawn here: no photo of anybody's house."""
    wall = Image.new("RGB", (640, 480), "#e9e2d6")
    draw = ImageDraw.Draw(wall)
    draw.rectangle((0, 400, 640, 480), fill="#9a7b5c")
    draw.ellipse((360, 60, 600, 220), fill="#4a4640")
    file = io.BytesIO()
    wall.save(file, "PNG")
    return file.getvalue()


def _letter():
    """A page with one sentence, as small as a pdf can be."""
    sentence = b"BT /F1 14 Tf 60 760 Td (Ik kom volgende week kijken naar de muur.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(sentence), sentence),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return body + head + table + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
