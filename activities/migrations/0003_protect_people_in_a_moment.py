from django.db import migrations

from buurtwerk.accounts.rowlevel import protect


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0002_people_in_a_moment"),
    ]

    operations = [
        protect("activities_participant", "activities_participantevent"),
        protect("activities_carer", "activities_carerevent"),
        protect("activities_caresheet", "activities_caresheetevent"),
        protect("activities_pickupperson", "activities_pickuppersonevent"),
        protect("activities_careconsent", "activities_careconsentevent"),
        protect("activities_registrationgroup", "activities_registrationgroupevent"),
        protect("activities_registration", "activities_registrationevent"),
        protect("activities_attendance"),
        protect("activities_headcount"),
        protect("activities_posting", "activities_postingevent"),
    ]
