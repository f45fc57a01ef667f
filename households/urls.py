"""What the team does with families: note, families, follow-up, referrals."""

from django.urls import include, path

from households.views import (
    access,
    additions,
    agreement,
    attachments,
    bike_loans,
    bike_settings,
    bikes,
    closing,
    compartments,
    contacts,
    families,
    follow_ups,
    glass,
    handovers,
    help_requests,
    levels,
    linking,
    members,
    merge,
    network,
    offers,
    people,
    plans,
    referral_links,
    referrals,
    restriction,
    retention,
    rhythm,
    rights,
    rounds,
    sheets,
    story,
    subject_requests,
    visit_notes,
    wording,
)

app_name = "households"

# /team/gezinnen/
family_urls = [
    path("", families.family_list, name="list"),
    path("nieuw/", families.create, name="create"),
    path("nieuw/kandidaten/", families.create_candidates, name="create-candidates"),
    path("nieuw/gegevens/", families.create_details, name="create-details"),
    path("dubbels/", merge.doubles, name="doubles"),
    path("inlezen/", sheets.upload, name="sheet-upload"),
    path("inlezen/voorbeeld/<slug:kind>/", sheets.example, name="sheet-example"),
    path("inlezen/<int:pk>/", sheets.columns, name="sheet-columns"),
    path("inlezen/<int:pk>/proef/", sheets.try_out, name="sheet-try"),
    path("inlezen/<int:pk>/terug/", sheets.take_back, name="sheet-take-back"),
    path("inlezen/<int:pk>/weg/", sheets.discard, name="sheet-discard"),
    path("uitvoeren/", sheets.export, name="export"),
]

# /team/gezinnen/<code>/
one_family_urls = [
    path("", families.detail, name="detail"),
    path("bewerk/", families.edit, name="edit"),
    path("inzage/", access.access, name="access"),
    path("inzage/afdruk/", access.access_print, name="access-print"),
    path("afscherming/", restriction.restriction, name="restriction"),
    path("noodtoegang/", glass.break_glass, name="break-glass"),
    path("noodtoegang/sluit/", glass.close, name="break-glass-close"),
    path("contactafspraak/", agreement.agreement, name="agreement"),
    path("ritme/", levels.level, name="level"),
    path("rust/", closing.pause, name="pause"),
    path("weer-actief/", closing.resume, name="resume"),
    path("afronden/", closing.close, name="close"),
    path("heropen/", closing.reopen, name="reopen"),
    path("opvolging/", follow_ups.of_family, name="family-follow-ups"),
    path("mensen/nieuw/", members.create, name="member-create"),
    path("mensen/nieuw/kandidaten/", members.candidates, name="member-candidates"),
    path("mensen/nieuw/gegevens/", members.create_details, name="member-create-details"),
    path("mensen/nieuw/<int:person_pk>/", members.link, name="member-link"),
    path("mensen/<int:pk>/", members.edit, name="member-edit"),
    path("mensen/<int:pk>/weg/", members.leave, name="member-leave"),
    path("mensen/<int:pk>/wis/", retention.propose_person, name="person-erase"),
    path("mensen/<int:pk>/verhaal/", people.person, name="person"),
    path("luiken/", compartments.compartments, name="compartments"),
    path("druk-af/", story.print_story, name="print"),
    path("netwerk/", network.network, name="network"),
    path("netwerk/druk-af/", network.network_print, name="network-print"),
    path("netwerk/nieuw/", network.create, name="support-create"),
    path("netwerk/<int:pk>/", network.edit, name="support-edit"),
    path("netwerk/<int:pk>/voorbij/", network.end, name="support-end"),
    path("huisbezoek/", visit_notes.visit_notes, name="visit-notes"),
    path("huisbezoek/nieuw/", visit_notes.create, name="visit-note-create"),
    path("huisbezoek/<int:pk>/", visit_notes.edit, name="visit-note-edit"),
    path("huisbezoek/<int:pk>/weg/", visit_notes.end, name="visit-note-end"),
    path("opvolging/nieuw/", follow_ups.create, name="follow-up-create"),
    path("doorverwijzen/", referrals.create, name="referral-create"),
    path("papieren/", attachments.papers, name="papers"),
    path("samenvoegen/", merge.merge, name="merge"),
    path("samenvoegen/<int:pk>/ongedaan/", merge.take_apart, name="merge-undo"),
    path("geen-dubbel/<slug:other>/", merge.not_double, name="not-double"),
]

# /team/noteer/ and /team/contacten/
contact_urls = [
    path("noteer/", contacts.note, name="note"),
    path("noteer/zoek/", contacts.search, name="note-search"),
    path("noteer/mensen/", contacts.people, name="note-people"),
    path("noteer/kijk/", contacts.look, name="note-look"),
    path("noteer/huisbezoek/", visit_notes.for_note, name="note-visit"),
    path("contacten/<int:pk>/", contacts.detail, name="contact-detail"),
    path("contacten/<int:pk>/bewerk/", contacts.edit, name="contact-edit"),
]

# /team/huisbezoek/
visit_urls = [
    path("", visit_notes.visit_list, name="visit-list"),
]

# What hangs on a contact: /team/contacten/<pk>/ and /team/papieren/
paper_urls = [
    path("contacten/zonder-naam/", linking.without_name, name="contact-without-name"),
    path("contacten/<int:pk>/koppel/", linking.link, name="contact-link"),
    path("contacten/<int:pk>/vul-aan/", additions.add, name="addition-create"),
    path("contacten/<int:pk>/verbeter/", additions.correct, name="contact-correct"),
    path("contacten/<int:pk>/eerder/", additions.earlier, name="contact-earlier"),
    path("contacten/<int:pk>/bijlage/", attachments.attach, name="attach"),
    path("nalezen/", wording.reread, name="reread"),
    path("nalezen/<int:pk>/", wording.reread_draft, name="reread-draft"),
    path("papieren/<int:pk>/", attachments.show, name="attachment"),
    path("papieren/<int:pk>/weg/", attachments.remove, name="attachment-remove"),
]

# /team/opvolging/
follow_up_urls = [
    path("", follow_ups.follow_up_list, name="follow-up-list"),
    path("<int:pk>/", follow_ups.detail, name="follow-up-detail"),
    path("<int:pk>/klaar/", follow_ups.close, name="follow-up-close"),
    path("<int:pk>/niet-meer-nodig/", follow_ups.drop, name="follow-up-drop"),
    path("<int:pk>/verzet/", follow_ups.postpone, name="follow-up-postpone"),
    path("<int:pk>/geef-door/", follow_ups.hand_over, name="follow-up-hand-over"),
    path("<int:pk>/aanvaard/", offers.accept, {"kind": "follow-up"}, name="follow-up-accept"),
    path("<int:pk>/weiger/", offers.refuse, {"kind": "follow-up"}, name="follow-up-refuse"),
    path("<int:pk>/trek-in/", offers.withdraw, {"kind": "follow-up"}, name="follow-up-withdraw"),
    path("<int:pk>/wacht/", follow_ups.wait, name="follow-up-wait"),
    path("<int:pk>/verder/", follow_ups.resume, name="follow-up-resume"),
]

# /team/ritme/
rhythm_urls = [
    path("", rhythm.rhythm_map, name="rhythm-map"),
]

# /team/doorverwijzingen/
referral_urls = [
    path("", referrals.referral_list, name="referral-list"),
    path("<int:pk>/", referrals.detail, name="referral-detail"),
    path("<int:pk>/antwoord/", referrals.record_answer, name="referral-answer"),
    path("<int:pk>/link/", referrals.link, name="referral-new-link"),
    path("<int:pk>/trek-in/", referrals.withdraw, name="referral-withdraw"),
]

# What a family asks, agrees and has a right to: /team/gezinnen/<code>/
family_help_urls = [
    path("hulpvragen/", help_requests.tab, name="help"),
    path("hulpvragen/nieuw/", help_requests.create, name="help-request-create"),
    path("rechten/overlopen/", rights.go_through, name="rights-go-through"),
    path("rechten/overlopen/<int:member_pk>/", rights.go_through, name="rights-go-through-person"),
    path("rechten/<slug:right>/", rights.history, name="right-history"),
    path("afspraken/", plans.tab, name="plan"),
    path("afspraken/bewerk/", plans.edit, name="plan-edit"),
    path("afspraken/blad/", plans.sheet, name="plan-sheet"),
    path("afspraken/stap/<int:pk>/", plans.tick, name="plan-tick"),
    path("afspraken/versies/", plans.versions, name="plan-versions"),
    path("afspraken/versies/<int:pk>/", plans.version, name="plan-version"),
]

# /team/hulpvragen/
help_request_urls = [
    path("", help_requests.help_request_list, name="help-request-list"),
    path("<int:pk>/", help_requests.detail, name="help-request-detail"),
    path("<int:pk>/bewerk/", help_requests.edit, name="help-request-edit"),
    path("<int:pk>/verzet/", help_requests.postpone, name="help-request-postpone"),
    path("<int:pk>/geef-door/", help_requests.hand_over, name="help-request-hand-over"),
    path("<int:pk>/aanvaard/", offers.accept, {"kind": "help-request"}, name="help-request-accept"),
    path("<int:pk>/weiger/", offers.refuse, {"kind": "help-request"}, name="help-request-refuse"),
    path("<int:pk>/trek-in/", offers.withdraw, {"kind": "help-request"}, name="help-request-withdraw"),
    path("<int:pk>/sluit-af/", help_requests.end, name="help-request-end"),
    path("<int:pk>/heropen/", help_requests.reopen, name="help-request-reopen"),
]

# /team/rechten/ and /team/beheer/rechten/
right_urls = [
    path("rechten/", rights.figures, name="right-figures"),
    path("rechten/cijfers.csv", rights.figures_export, name="right-figures-export"),
    path("beheer/rechten/", rights.right_list, name="right-list"),
    path("beheer/rechten/nieuw/", rights.create, name="right-create"),
    path("beheer/rechten/<int:pk>/", rights.edit, name="right-edit"),
]

# /team/rondes/
round_urls = [
    path("", rounds.round_list, name="round-list"),
    path("nieuw/", rounds.create, name="round-create"),
    path("<int:pk>/", rounds.detail, name="round-detail"),
    path("<int:pk>/bewerk/", rounds.edit, name="round-edit"),
    path("<int:pk>/deuren/", rounds.doors, name="round-doors"),
    path("<int:pk>/deuren/<int:door_pk>/hoger/", rounds.door_up, name="round-door-up"),
    path("<int:pk>/blad/", rounds.sheet, name="round-sheet"),
    path("<int:pk>/invullen/", rounds.fill, name="round-fill"),
    path("<int:pk>/tellen/", rounds.count, name="round-count"),
    path("<int:pk>/schrap/", rounds.drop, name="round-drop"),
]

# /team/noodtoegang/ and /team/inzage/
review_urls = [
    path("noodtoegang/", glass.break_glass_by_code, name="break-glass-by-code"),
    path("inzage/", access.digest, name="digest"),
    path("inzage/<int:pk>/gezien/", glass.seen, name="break-glass-seen"),
]

# /team/fietsen/
bike_urls = [
    path("", bikes.bike_list, name="bike-list"),
    path("nieuw/", bikes.create, name="bike-create"),
    path("<int:pk>/", bikes.detail, name="bike-detail"),
    path("<int:pk>/bewerk/", bikes.edit, name="bike-edit"),
    path("<int:pk>/herstel/", bikes.repair, name="bike-repair"),
    path("<int:pk>/weg/", bikes.write_off, name="bike-write-off"),
    path("<int:pk>/terug-op-stock/", bikes.find_again, name="bike-find-again"),
    path("herstel/<int:pk>/klaar/", bikes.repair_done, name="bike-repair-done"),
    path("uitlenen/", bike_loans.find_family, name="bike-find-family"),
    path("uitlenen/<slug:code>/", bike_loans.lend, name="bike-lend"),
    path("huur/<int:pk>/", bike_loans.detail, name="loan-detail"),
    path("huur/<int:pk>/verleng/", bike_loans.renew, name="loan-renew"),
    path("huur/<int:pk>/terug/", bike_loans.take_back, name="loan-return"),
    path("huur/<int:pk>/ruil/", bike_loans.swap, name="loan-swap"),
    path("beheer/<slug:slug>/", bike_settings.settings, name="bike-settings"),
    path("beheer/<slug:slug>/tarief/", bike_settings.add_tariff, name="bike-tariff"),
    path("beheer/<slug:slug>/maat/", bike_settings.add_size, name="bike-size"),
    path("beheer/<slug:slug>/gids/", bike_settings.take_guide, name="bike-guide"),
]

# /team/overdrachten/
handover_urls = [
    path("", handovers.handover_list, name="handover-list"),
    path("nieuw/", handovers.create, name="handover-create"),
    path("<int:pk>/", handovers.detail, name="handover-detail"),
    path("<int:pk>/aanvaard/", handovers.accept, name="handover-accept"),
    path("<int:pk>/weiger/", handovers.refuse, name="handover-refuse"),
    path("<int:pk>/trek-in/", handovers.withdraw, name="handover-withdraw"),
    path("vertrek/<int:pk>/", handovers.leave, name="handover-leave"),
]

# /team/privacy/
privacy_urls = [
    path("", retention.overview, name="privacy"),
    path("termijnen/", retention.terms, name="retention-terms"),
    path("vernietigingslijst/", retention.destruction_list, name="destruction-list"),
    path("vernietigingslijst/wis/", retention.erase_ready, name="destruction-erase"),
    path("vernietigingslijst/<int:pk>/", retention.destruction_line, name="destruction-line"),
    path("vernietigingslijst/<int:pk>/keur-goed/", retention.approve, name="destruction-approve"),
    path("vragen/nieuw/", subject_requests.create, name="subject-request-create"),
    path("vragen/<int:pk>/", subject_requests.detail, name="subject-request"),
    path("vragen/<int:pk>/nagelezen/", subject_requests.sign, name="subject-request-sign"),
    path("vragen/<int:pk>/gegeven/", subject_requests.give, name="subject-request-give"),
    path("vragen/<int:pk>/weiger/", subject_requests.refuse, name="subject-request-refuse"),
    path("vragen/<int:pk>/wis/", subject_requests.put_on_list, name="subject-request-list"),
    path("vragen/<int:pk>/nota/<int:contact_pk>/", subject_requests.give_note_along, name="subject-request-note"),
    path("vragen/<int:pk>/pakket/", subject_requests.package, name="subject-request-package"),
    path("vragen/<int:pk>/pakket.json", subject_requests.package_json, name="subject-request-json"),
]

urlpatterns = [
    # for an organisation, without an account
    path("doorverwijzing/<str:token>/", referral_links.answer, name="referral-link"),
    path("team/gezinnen/", include(family_urls)),
    path("team/gezinnen/<slug:code>/", include(one_family_urls)),
    path("team/gezinnen/<slug:code>/", include(family_help_urls)),
    path("team/hulpvragen/", include(help_request_urls)),
    path("team/", include(right_urls)),
    path("team/", include(contact_urls)),
    path("team/", include(review_urls)),
    path("team/privacy/", include(privacy_urls)),
    path("team/", include(paper_urls)),
    path("team/huisbezoek/", include(visit_urls)),
    path("team/opvolging/", include(follow_up_urls)),
    path("team/ritme/", include(rhythm_urls)),
    path("team/overdrachten/", include(handover_urls)),
    path("team/doorverwijzingen/", include(referral_urls)),
    path("team/rondes/", include(round_urls)),
    path("team/fietsen/", include(bike_urls)),
]
