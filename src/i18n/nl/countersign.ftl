# Frame

skip = Naar de hoofdinhoud
menu = Menu
language = Taal
breadcrumb = Kruimelpad
pages = Pagina’s
partner-account = Partneraccount
printed = Afgedrukt op { $time } door { $name }, uit Countersign
times-in = Tijden in { $zone }
nav-main = Hoofdmenu
nav-customers = Klanten
search-customers = Klanten zoeken
search-placeholder = Bedrijf, domein of Microsoft-id
customer-nav = Klant: { $name }
list-or = { $first } of { $last }
choose = Maak een keuze
any = Alle
unsaved = U hebt wijzigingen die nog niet zijn opgeslagen

# Buttons

act-search = Zoeken
act-sign-in = Aanmelden
act-sign-out = Afmelden
act-set-up = Inrichten
act-switch-to = Naar { $account }
act-previous = Vorige
act-next = Volgende
act-older = Oudere gebeurtenissen
act-edit = Bewerken
act-save = Opslaan
act-save-continue = Opslaan en doorgaan
act-cancel = Annuleren
act-next-not-confirmed = Volgende onbevestigde klant
act-save-next-not-confirmed = Opslaan en volgende
act-update = Bijwerken
act-update-agreement = Bevestigen
act-view-history = Geschiedenis bekijken
the-confirmation = van de bevestiging
copy-id = Microsoft-id kopiëren
copy-domain = Domein kopiëren
to-customers = Naar Klanten
to-sign-in = Naar Aanmelden

# Headings

h-sign-in = Aanmelden
h-setup = Countersign inrichten
h-account-info = Accountgegevens
h-company = Bedrijf
h-contact = Primaire contactpersoon
h-mca = Microsoft-klantovereenkomst
h-confirm = Acceptatie bevestigen
h-update = Nieuwe bevestiging vastleggen
h-agreements = Bevestigingen
h-history = Geschiedenis

# Roles, clouds, statuses, channels

role-manager = Manager (alleen lezen)
role-sales-agent = Verkoopagent
role-admin-agent = Beheeragent
cloud-public = Openbare cloud van Microsoft
cloud-21vianet = Beheerd door 21Vianet
cloud-germany = Microsoft Cloud Duitsland
cloud-us-government = Microsoft-cloud voor de Amerikaanse overheid
environment-production = Productie
environment-sandbox = Sandbox
type-direct-bill = Directefactureringspartner (direct bill)
type-indirect-provider = Indirecte provider
type-indirect-reseller = Indirecte reseller
st-confirmed = Bevestigd
st-not-confirmed = Niet bevestigd
st-reconfirmation-due = Herbevestiging nodig
st-not-applicable = Niet van toepassing
st-sandbox = Sandbox – geen productieomgeving
channel-new-customer = Nieuwe klant
channel-account-info = Accountgegevens
channel-order-prompt = Bestelling
channel-import = Import
channel-api = API
who-command-line = Een beheerder (opdrachtregel)
who-anonymous = Iemand die niet was aangemeld

# Fields

f-optional = { $label } (optioneel)
f-first-name = Voornaam
f-last-name = Achternaam
f-last-hint = Heeft iemand maar één naam? Vul die dan in beide velden in
f-email = E-mailadres
f-phone = Telefoonnummer (optioneel)
f-date = Datum van acceptatie
f-date-hint = Vandaag of eerder, bijvoorbeeld 27 mrt 2026
f-today = Vandaag
f-yesterday = Gisteren
f-calendar = Kalender
f-version = Versie van de overeenkomst
f-older = De datum klopt: de klant accepteerde voordat deze versie werd gepubliceerd
f-company-name = Bedrijfsnaam
f-country = Land/regio
f-domain = Primair domein
f-address-1 = Adresregel 1
f-address-2 = Adresregel 2
f-city = Plaats
f-state = Staat of provincie
f-postal-code = Postcode
f-culture = Taal van documenten
f-password = Wachtwoord
f-password-hint = Minstens { $min } tekens; een paar woorden achter elkaar zijn goed te onthouden
f-your-name = Uw naam
f-account-name = Naam van het partneraccount
f-partner-type = Partnertype
f-time-zone = Tijdzone
f-time-zone-hint = Bijvoorbeeld Europe/Amsterdam. Bepaalt welke datums in de toekomst liggen
not-provided = Niet ingevuld
not-known = Niet bekend
stored-now = Nu vastgelegd:
microsoft-id = Microsoft-id
fact-name = Naam
fact-phone = Telefoonnummer
fact-address = Adres
fact-language = Taal

# Customers

views = Weergaven
view-all = Alle
search-and-filter = Zoeken en filteren
search-hint = Bedrijf, domein, Microsoft-id of persoon
filters = { $active ->
    [0] Meer filters
    [one] Meer filters, 1 ingesteld
   *[other] Meer filters, { $active } ingesteld
}
active-filters = Actieve filters:
remove-filter = Filter verwijderen: { $filter }
clear-filters = Alle filters wissen
show-all = Alle klanten tonen
filter-agreed-from = Geaccepteerd vanaf
filter-agreed-to = Geaccepteerd tot en met
filter-channel = Vastgelegd via
chip-agent = Vastgelegd door: { $name }
chip-agreed-from = Geaccepteerd vanaf { $day }
chip-agreed-to = Geaccepteerd tot en met { $day }
recorded-via = Vastgelegd via: { $channel }
filter-ignored = De waarde van dit filter wordt niet herkend; het filter is niet toegepast: { $filter }
col-company = Bedrijf
col-agreement = Overeenkomst
col-accepted-by = Geaccepteerd door
col-changed = Laatst gewijzigd
col-actions = Acties
nobody-yet = Nog niemand
accepted-directly = Rechtstreeks bij Microsoft geaccepteerd
list-caption-all = { $count ->
    [0] Geen klanten
    [one] 1 klant
   *[other] { $total } klanten
}
list-caption-found = { $count ->
    [0] Geen klanten gevonden
    [one] 1 klant gevonden
   *[other] { $count } klanten gevonden
}
list-caption-more = Meer dan { $shown } klanten gevonden
list-shown = { $shown } op deze pagina
list-shown-of = { $first }–{ $last } van { $total }
list-empty = Voeg uw eerste klant toe of importeer de export uit Partner Center.
list-no-match = Niets gevonden voor “{ $q }”. Zoek op bedrijfsnaam, domein, Microsoft-id, of op de naam of het e-mailadres van een persoon.
list-no-match-filter = Geen klanten gevonden met deze filters.
list-cursor-lost = De lijst is gewijzigd. Dit is de eerste pagina.
list-too-many = Meer dan { $max } namen bevatten deze letters. Vul meer van de naam in.

## Export

act-export = Exporteren
export-columns = Kolommen
export-columns-screen = Zichtbare kolommen
export-columns-all = Alle
export-separator = Scheidingsteken in CSV
export-comma = Komma
export-semicolon = Puntkomma
export-csv = CSV downloaden
export-xlsx = Excel downloaden
export-zoned = { $column } ({ $zone })
export-phone = Telefoonnummer
export-directly = Rechtstreeks geaccepteerd
export-yes = ja
export-recorded-at = Vastgelegd op
export-channel = Vastgelegd via
export-created = Toegevoegd
err-exports-busy = Te veel exports tegelijk
err-exports-busy-text = Er worden nog andere exports gemaakt. Probeer het over een halve minuut opnieuw.
err-too-many-rows = Te veel rijen voor een werkmap
err-too-many-rows-text = Een XLSX-bestand bevat hier hoogstens { $max } rijen. Kies CSV, of filter de lijst eerst.
err-search-too-wide = De zoekopdracht vindt te veel om te exporteren

# Account info

not-confirmed-consequence = Zolang de acceptatie van deze klant niet is bevestigd, kunt u voor deze klant niets bestellen en het aantal licenties van bestaande abonnementen niet wijzigen.
reconfirmation-due-consequence = Een nieuwere versie van de overeenkomst is verplicht. Zolang de acceptatie daarvan niet is bevestigd, is geen nieuwe bestelling mogelijk en kan het aantal licenties niet worden gewijzigd.
nothing-recorded = Er is nog geen acceptatie vastgelegd.
nothing-recorded-ask = Er is nog geen acceptatie vastgelegd. Vraag de klant wie de overeenkomst heeft geaccepteerd en op welke datum, en leg beide hier vast.
accepted-directly-text = rechtstreeks bij Microsoft geaccepteerd; wie en wanneer is hier niet bekend
recorded-by = Vastgelegd door
version-of = versie { $day }
recorded-by-at = { $name }, { $time }
read-text = Tekst lezen
read-text-in = Tekst lezen ({ $which })
na-text = Niet van toepassing: bevestiging van de overeenkomst bestaat alleen in de openbare cloud van Microsoft. Cloud van dit partneraccount: { $cloud }
reseller-text = Dit partneraccount is van een indirecte reseller. De indirecte provider bevestigt dat de klant de overeenkomst heeft geaccepteerd; vraag uw indirecte provider dat te doen.
perm-text = U kunt deze pagina bekijken. Voor het vastleggen van een bevestiging is de rol Beheeragent of Verkoopagent nodig. Neem contact op met { $names }
perm-text-nobody = U kunt deze pagina bekijken. Voor het vastleggen van een bevestiging is de rol Beheeragent of Verkoopagent nodig. Nog niemand heeft een van die rollen
ok-saved = Bevestiging voor { $company } vastgelegd
ok-company = Bedrijf opgeslagen
ok-contact = Primaire contactpersoon opgeslagen
edit-company-lead = Het primaire domein, { $domain }, kan niet worden gewijzigd.

# The Update form and confirmations

update-lead = Leg vast wie de overeenkomst namens de klant heeft geaccepteerd, en op welke datum. U verklaart dat de klant dat heeft gedaan; u accepteert nooit namens de klant.
prefill-label = Gegevens overnemen van
prefill-contact = Primaire contactpersoon: { $name }
prefill-former = Vorige bevestiging: { $name }
context = Context
recorded-now = Huidige bevestiging
nothing-yet = Er is nog niets vastgelegd.
must-differ = Deze versie is al bevestigd. Voor een nieuwe bevestiging moet de naam, het e-mailadres of het telefoonnummer anders zijn.
you-confirm = U bevestigt
agreements-lead = Elke bevestiging die ooit voor deze klant is vastgelegd, de nieuwste eerst. Ze worden nooit gewijzigd of verwijderd.
superseded = Vervangen

# History

history-empty = Er is nog niets gebeurd.
history-number = regel { $seq }
history-confirmed = { $who } heeft bevestigd dat { $name } op { $date } { $version } heeft geaccepteerd. Vastgelegd via: { $channel }.
history-direct = { $who } heeft vastgelegd dat de klant { $version } rechtstreeks bij Microsoft heeft geaccepteerd.
history-direct-on = { $who } heeft vastgelegd dat de klant { $version } op { $date } rechtstreeks bij Microsoft heeft geaccepteerd.
history-imported = { $who } heeft de klant toegevoegd uit een bestand.
history-updated-by-import = { $who } heeft de klant bijgewerkt uit een bestand.
history-company = { $who } heeft het bedrijf bewerkt.
history-contact = { $who } heeft de primaire contactpersoon bewerkt.
history-deleted = { $who } heeft de klant verwijderd.
history-relationship-removed = { $who } heeft de relatie met de klant beëindigd.
history-qualification = { $who } heeft vastgelegd waarvoor de klant in aanmerking komt: { $qualification }.
qualification = Kwalificatie
qualification-none = alleen commerciële aanbiedingen
qualification-education = Onderwijs
qualification-nonprofit = Non-profit
qualification-government = Government Community Cloud
qualification-state-owned = Staatsbedrijf
history-other = { $who }: { $action }
history-changes = { $count ->
    [one] Wijziging
   *[other] Wijzigingen ({ $count })
}
history-changes-table = Wijzigingen
history-field = Veld
history-from = Eerst
history-to = Daarna

## API-clients

nav-api-clients = API-clients
api-clients-lead = Programma’s die voor dit partneraccount de Partner Center-API gebruiken. Elk meldt zich aan met een client-id en een geheim, of handelt als gebruiker met een vernieuwingstoken.
api-connection = Verbindingsgegevens
f-api-address = Basisadres
f-token-address = Adres voor tokens
f-authority = Autoriteit (MSAL: oidc_authority)
f-tenant = Tenant
f-client-id = Client-id
f-client-secret = Clientgeheim
f-client-name = Naam
f-client-name-hint = Hiermee worden bevestigingen via de API ondertekend, bijvoorbeeld de naam van het programma
f-client-role-hint = Wat het programma zelf mag
f-role = Rol
f-refresh-token = Vernieuwingstoken
copy-named = { $what } kopiëren
api-clients-empty = Er zijn nog geen API-clients.
api-client-active = Actief
api-client-revoked = Ingetrokken
api-client-made = API-client { $name } is aangemaakt
api-secret-once = Kopieer het geheim nu: het wordt alleen deze keer getoond en kan niet meer worden opgezocht.
api-token-made = { $name } kan namens u handelen
api-token-once = Kopieer het vernieuwingstoken nu: het wordt alleen deze keer getoond. Het geldt 90 dagen; elke keer dat het programma het gebruikt, krijgt het ook een nieuwer. Wat het programma doet, wordt vastgelegd met uw naam en de zijne.
act-refresh-token = Machtigen om namens mij te handelen
act-revoke = Intrekken
act-revoke-now = { $name } intrekken
revoke-text = Vanaf het volgende verzoek wordt niets meer van deze client aangenomen. Dit kan niet ongedaan worden gemaakt.
h-new-api-client = Nieuwe API-client
act-create-api-client = API-client aanmaken
ok-api-client-revoked = De API-client is ingetrokken. Er wordt niets meer van aangenomen.
e-client-name = Vul een naam in
e-client-name-taken = Er is of was al een API-client met die naam. Kies een andere
e-role = Kies een rol
e-client-revoked = { $name } is ingetrokken en kan dus niet namens u handelen

h-api-reference = API-referentie
api-reference-lead = De bewerkingen van de Partner Center-API die dit portaal heeft, achter het basisadres. Al het andere wordt beantwoord met 404 en code 1000.
act-openapi = OpenAPI-document
h-api-rules = Zo werkt het
api-rule-token = Een programma vraagt met zijn client-id en geheim een toegangstoken aan; dat geldt 60 minuten.
api-rule-request = Dezelfde MS-RequestId binnen 24 uur is hetzelfde verzoek: het wordt één keer uitgevoerd en hetzelfde beantwoord.
api-rule-fault = Een fout wordt beantwoord met de code van Partner Center en een beschrijving die het veld noemt dat u moet corrigeren.
api-rule-gate = Bestellingen en licentiewijzigingen voor een klant die niet is bevestigd, worden beantwoord met 403 en code 13605.
api-example = Voorbeeld voor de opdrachtregel
col-operation = Bewerking
col-what-it-does = Wat het doet
col-least-role = Minimale rol

## Audit

nav-audit = Auditlogboek
audit-lead = Alles wat er in dit partneraccount is gebeurd, het nieuwste eerst. Dagen en tijden in { $zone }.
audit-filter = Logboek filteren
audit-actor = Gebruiker of programma
audit-type = Gebeurtenis
audit-customer = Klant
audit-customer-hint = Microsoft-id
audit-from = Van
audit-to = Tot en met
audit-day-hint = Bijvoorbeeld 27 mrt 2026
audit-apply = Toepassen
audit-export = Exporteren (JSON-regels)
audit-empty = Niets in het logboek past bij deze filters.
audit-ignored = { $filter }: “{ $value }” wordt niet begrepen. Dit filter is daarom niet gebruikt.
audit-cursor-lost = De lijst is gewijzigd. Dit zijn de nieuwste gebeurtenissen.
audit-newer = Nieuwere gebeurtenissen
audit-newest = Nieuwste
audit-shown = { $count ->
    [one] 1 gebeurtenis
   *[other] { $count } gebeurtenissen
}
audit-verified = Keten gecontroleerd 1–{ $last }, { $time }
audit-verified-after-wrong = { $wrong }: bij een controle bleek dat het logboek of een bewijs buiten Countersign om was gewijzigd (WRONG). Dit blijft altijd bewaard; bij de gebeurtenis Logboek gecontroleerd staat wat er is gevonden. Keten opnieuw gecontroleerd 1–{ $last }, { $time }.
audit-unverified = Het hele logboek is nog niet gecontroleerd: voer “countersign audit verify” uit op de server.
audit-broken = Het logboek is niet meer zoals het was: iemand heeft het buiten het portaal om gewijzigd, of dat bleek bij de laatste controle ({ $time }). Voer countersign audit verify uit; dat noemt de eerste regel die niet klopt.
audit-shown-fit = Gebeurtenissen op deze pagina gecontroleerd: geen wijzigingen gevonden.
audit-shown-wrong = Buiten het portaal om gewijzigd, of de vorige is dat: gebeurtenis { $list }. Voer countersign audit verify uit.
history-raw = Technische gegevens
copy-hash = Hash kopiëren
may-view-customers = klanten bekijken
may-edit-customers = klanten bewerken
may-confirm = acceptatie bevestigen
may-order = bestellingen plaatsen
may-import = bestanden importeren
may-administer = het portaal beheren
history-signed-in = { $who } heeft zich aangemeld.
history-sign-in-failed = Een aanmelding is mislukt: { $who }.
history-denied = { $who } kreeg geen toegang: de rol staat niet toe: { $what }.
history-exported = { $who } heeft een lijst geëxporteerd: { $list } ({ $format }).
history-customers-imported = { $who } heeft een bestand met klanten geïmporteerd.
history-resellers-imported = { $who } heeft een bestand met indirecte resellers geïmporteerd.
history-catalogue-imported = { $who } heeft een bestand met aanbiedingen geïmporteerd.
history-version-added = { $who } heeft de overeenkomstversie { $version } toegevoegd.
history-account-created = { $who } heeft het partneraccount { $name } aangemaakt.
history-account-changed = { $who } heeft het partneraccount { $name } gewijzigd.
history-user-created = { $who } heeft de gebruiker { $name } aangemaakt.
history-role-set = { $who } heeft { $name } de rol { $role } gegeven.
history-password-set = { $who } heeft het wachtwoord van { $name } ingesteld.
history-user-disabled = { $who } heeft de gebruiker { $name } uitgeschakeld.
history-user-enabled = { $who } heeft de gebruiker { $name } weer ingeschakeld.
history-api-client-created = { $who } heeft de API-client { $name } aangemaakt.
history-api-client-revoked = { $who } heeft de API-client { $name } ingetrokken.
history-refresh-token = { $who } heeft de API-client { $name } laten handelen als { $user }.
history-log-verified = { $who } heeft het hele logboek gecontroleerd.
history-log-verified-ok = { $who } heeft het hele logboek gecontroleerd tot en met gebeurtenis { $last }: geen wijzigingen gevonden.
history-log-verified-wrong = { $who } heeft het hele logboek gecontroleerd: het logboek of een bewijs is buiten Countersign om gewijzigd (WRONG). De waarden hieronder noemen de plek.
kind-signed-in = Aangemeld
kind-sign-in-failed = Aanmelding mislukt
kind-denied = Toegang geweigerd
kind-exported = Lijst geëxporteerd
kind-log-verified = Logboek gecontroleerd
kind-customer-created = Klant aangemaakt
kind-order-placed = Bestelling geplaatst
kind-order-blocked = Bestelling geblokkeerd
kind-quantity-changed = Aantal licenties gewijzigd
kind-quantity-blocked = Licentiewijziging geblokkeerd
kind-suspended = Abonnement opgeschort
kind-reactivated = Abonnement opnieuw geactiveerd
kind-auto-renew-on = Automatisch verlengen ingeschakeld
kind-auto-renew-off = Automatisch verlengen uitgeschakeld
kind-subscription-renamed = Abonnement hernoemd
kind-subscription-partner = Partner of record gewijzigd
kind-customer-imported = Klant uit een bestand toegevoegd
kind-customer-updated = Klant uit een bestand bijgewerkt
kind-customers-imported = Bestand met klanten geïmporteerd
kind-resellers-imported = Bestand met indirecte resellers geïmporteerd
kind-catalogue-imported = Bestand met aanbiedingen geïmporteerd
kind-subscriptions-imported = Abonnementen geïmporteerd
kind-company-edited = Bedrijf bewerkt
kind-contact-edited = Primaire contactpersoon bewerkt
kind-customer-deleted = Klant verwijderd
kind-relationship-removed = Relatie beëindigd
kind-qualification-set = Kwalificatie vastgelegd
kind-confirmed = Acceptatie bevestigd
kind-directly = Rechtstreeks bij Microsoft geaccepteerd
kind-version-added = Overeenkomstversie toegevoegd
kind-account-created = Partneraccount aangemaakt
kind-account-changed = Partneraccount gewijzigd
kind-user-created = Gebruiker aangemaakt
kind-role-set = Rol toegekend
kind-password-set = Wachtwoord ingesteld
kind-user-disabled = Gebruiker uitgeschakeld
kind-user-enabled = Gebruiker weer ingeschakeld
kind-api-client-created = API-client aangemaakt
kind-api-client-revoked = API-client ingetrokken
kind-refresh-token = API-client gemachtigd namens gebruiker

# Signing in and setting up

sign-in-ended-idle = U bent afgemeld omdat u 30 minuten weg was.
sign-in-ended-longest = U bent afgemeld omdat u 12 uur aangemeld was.
sign-in-kept = Wat u hebt ingevuld, blijft bewaard: na het aanmelden staat het formulier er weer, ingevuld en nog niet opgeslagen.
sign-in-trouble = Lukt het niet? Vraag uw beheerder { $contact }
sign-in-trouble-nobody = Lukt het niet? Vraag uw beheerder
setup-lead = U maakt het eerste partneraccount aan, met uzelf als Beheeragent. U kunt deze pagina maar één keer gebruiken.

# What is wrong

e-title = Er is een probleem
e-prefix = Fout:
e-first = Vul de voornaam in van degene die de overeenkomst heeft geaccepteerd
e-last = Vul de achternaam in van degene die de overeenkomst heeft geaccepteerd
e-email-missing = Vul het e-mailadres in van degene die de overeenkomst heeft geaccepteerd
e-email-form = Vul een volledig e-mailadres in, zoals naam@voorbeeld.nl
e-date-missing = Vul de datum van acceptatie in
e-date-part = Vul bij de datum van acceptatie ook { $part } in
part-day = de dag
part-month = de maand
part-year = het jaar
e-date-real = Deze datum bestaat niet: controleer dag, maand en jaar
e-date-early = De datum van acceptatie moet 1 januari 2000 of later zijn
e-date-month-first = Typ eerst de dag: bedoelt u { $date }?
e-date-weekday = { $date } is een { $weekday }. Verbeter de dag van de week of de datum
weekday-mon = maandag
weekday-tue = dinsdag
weekday-wed = woensdag
weekday-thu = donderdag
weekday-fri = vrijdag
weekday-sat = zaterdag
weekday-sun = zondag
e-date-future = De datum van acceptatie moet vandaag of eerder zijn. Vandaag is het { $today } in { $zone }
e-phone = Een telefoonnummer heeft 5 tot 20 cijfers. Verbeter het of laat het leeg
e-missing = Vul { $field } in
e-too-long = { $field }: gebruik hoogstens { $max } tekens
e-unprintable = { $field }: bevat tekens die niet kunnen worden getoond. Typ het opnieuw
e-character-lost = { $field }: onderweg is een teken verloren gegaan. Verbeter het
e-name-letter = Vul een naam in: voor- en achternaam samen moeten een letter of cijfer bevatten
warn-phone-rounded = Dit lijkt op een getal dat door een spreadsheet is afgerond. Vraag het telefoonnummer opnieuw.
e-country = Kies een land of regio uit de lijst
e-culture = Kies een taal uit de lijst
e-culture-country = Deze taal wordt in dit land niet aangeboden. Kies een taal uit de lijst
e-unknown = { $field }: kies een waarde uit de lijst
e-same = Al vastgelegd: { $name } heeft deze versie geaccepteerd op { $date }. Wijzig de naam, het e-mailadres of het telefoonnummer om een nieuwe bevestiging vast te leggen
e-older = Deze versie is gepubliceerd op { $published }, na de datum die u invulde. Verbeter de datum, of vink aan dat die klopt
e-version-stale = Intussen is { $label } de nieuwste versie geworden. Uw invoer staat hieronder; ga na of de klant deze versie heeft geaccepteerd en sla opnieuw op
e-version-unknown = De versie van de overeenkomst is niet herkend. Uw invoer staat hieronder; sla opnieuw op
e-stale = { $own ->
    [yes] U hebt dit op { $day } om { $time } in een ander venster gewijzigd. Uw invoer staat hieronder; vergelijk de gegevens en sla ze opnieuw op
   *[no] { $name } heeft deze klant gewijzigd op { $day } om { $time }. Uw invoer staat hieronder; vergelijk de gegevens en sla ze opnieuw op
}
e-stale-unknown = Intussen heeft iemand deze klant gewijzigd. Uw invoer staat hieronder; vergelijk de gegevens en sla ze opnieuw op
e-submission-unknown = Dit formulier stond te lang open of is niet van u. Er is niets opgeslagen; uw invoer staat hieronder. Sla opnieuw op
e-submission-used = Dit formulier is al eerder opgeslagen met andere gegevens. De gegevens hieronder zijn niet opgeslagen; sla opnieuw op als u deze bedoelt
e-sign-in-email = Vul uw e-mailadres in
e-sign-in-password = Vul uw wachtwoord in
e-sign-in-wrong = E-mailadres of wachtwoord klopt niet
e-sign-in-too-many = { $minutes ->
    [one] Te veel pogingen. Probeer het over 1 minuut opnieuw
   *[other] Te veel pogingen. Probeer het over { $minutes } minuten opnieuw
}
e-password-short = Gebruik minstens { $min } tekens

# Error pages

err-not-found = Pagina niet gevonden
err-not-found-text = Als u het adres hebt getypt, controleer dan of het klopt. Als u een link hebt gevolgd, hoort de pagina misschien bij een ander partneraccount.
err-forbidden = Geen toegang
err-forbidden-text = U hebt geen toegang tot deze pagina. Hiervoor is de rol { $roles } nodig.
err-forbidden-ask = Neem contact op met { $names }
err-cross-site = Dit formulier kwam van een andere site
err-cross-site-text = Er is niets opgeslagen. Open de pagina in Countersign en probeer het daar opnieuw.
err-method = Dat kan deze pagina niet
err-method-text = Het adres bestaat, maar neemt dit soort verzoek niet aan.
err-too-large = { $kind ->
    [file] Het bestand is te groot
   *[form] Het formulier is te groot
}
err-too-large-text = { $kind ->
    [file] Kies een bestand van maximaal { $limit } MB. Er is niets opgeslagen.
   *[form] Een formulier bevat maximaal { $limit } kB. Er is niets opgeslagen.
}
err-bad-request = Dat kon niet worden gelezen
err-bad-request-text = Er is niets opgeslagen. Ga terug en probeer het opnieuw.
err-unavailable = Countersign kan de database niet bereiken
err-unavailable-text = Er is niets opgeslagen. Probeer het over een ogenblik opnieuw. U kunt het gerust opnieuw versturen; het wordt maar één keer opgeslagen.
err-account = Dit formulier is geopend voor { $account }, u bent nu in { $current }
err-account-text = Er is niets opgeslagen. Schakel terug naar { $account } om het formulier met uw invoer weer te zien; controleer uw invoer en sla die daar op.
err-account-gone = Dit formulier is geopend voor een ander partneraccount, u bent nu in { $current }
err-account-gone-text = Er is niets opgeslagen. U hebt geen toegang meer tot dat partneraccount.
err-typed = Uw invoer
act-switch-back = Terugschakelen naar { $account }
err-fault = Er ging iets mis aan onze kant
err-fault-text = Probeer het over een paar minuten opnieuw. Gebeurt het weer, geef dan het kenmerk hieronder door aan uw beheerder.
err-reference = Kenmerk:
lang-am = Amhaars

# Languages of documents

lang-ar = Arabisch
lang-az = Azerbeidzjaans
lang-be = Belarussisch
lang-bg = Bulgaars
lang-bn = Bengaals
lang-bs = Bosnisch
lang-ca = Catalaans
lang-cs = Tsjechisch
lang-da = Deens
lang-de = Duits
lang-dv = Divehi
lang-el = Grieks
lang-en = Engels
lang-es = Spaans
lang-et = Ests
lang-eu = Baskisch
lang-fa = Perzisch
lang-fi = Fins
lang-fo = Faeröers
lang-fr = Frans
lang-gl = Galicisch
lang-ha = Hausa
lang-he = Hebreeuws
lang-hi = Hindi
lang-hr = Kroatisch
lang-hu = Hongaars
lang-hy = Armeens
lang-id = Indonesisch
lang-is = IJslands
lang-it = Italiaans
lang-ja = Japans
lang-ka = Georgisch
lang-kk = Kazachs
lang-km = Khmer
lang-ko = Koreaans
lang-ky = Kirgizisch
lang-lo = Laotiaans
lang-lt = Litouws
lang-lv = Lets
lang-mk = Macedonisch
lang-mn = Mongools
lang-ms = Maleis
lang-mt = Maltees
lang-nb = Noors
lang-ne = Nepalees
lang-nl = Nederlands
lang-pl = Pools
lang-ps = Pasjtoe
lang-pt = Portugees
lang-ro = Roemeens
lang-ru = Russisch
lang-rw = Kinyarwanda
lang-si = Singalees
lang-sk = Slowaaks
lang-sl = Sloveens
lang-sq = Albanees
lang-sr = Servisch
lang-sv = Zweeds
lang-sw = Swahili
lang-tg = Tadzjieks
lang-th = Thai
lang-tk = Turkmeens
lang-tr = Turks
lang-uk = Oekraïens
lang-ur = Urdu
lang-uz = Oezbeeks
lang-vi = Vietnamees
lang-wo = Wolof
lang-zh = Chinees
script-cyrl = Cyrillisch
script-latn = Latijns
act-send-again = Opnieuw versturen
err-uncertain-text = Het is niet zeker dat dit is opgeslagen. U kunt het gerust opnieuw versturen; het wordt maar één keer opgeslagen.
accepted-directly-on-text = rechtstreeks bij Microsoft geaccepteerd; door wie is hier niet bekend

# De wizard voor een nieuwe klant

h-new-customer = Nieuwe klant
h-subscriptions = Abonnementen
h-review = Controleren
h-confirmation = Bevestiging
h-customer-created = Klant aangemaakt
wizard-step = Nieuwe klant, stap { $number } van 4
wizard-company-about = Het land of de regio bepaalt welke andere gegevens nodig zijn.
wizard-contact-about = De persoon bij de klant met wie u en Microsoft contact hebben.
wizard-agreement-about = Zolang de acceptatie niet is bevestigd, kan er voor deze klant niets worden besteld. U kunt dit nu openlaten en later doen.
wizard-order-closed = Er kan nog niets worden besteld: de acceptatie van de overeenkomst is niet ingevuld. U kunt dat nu doen, of de klant aanmaken zonder abonnementen.
wizard-order-provider = Er kan nog niets worden besteld: uw indirecte provider moet bevestigen dat de klant de overeenkomst heeft geaccepteerd.
act-new-customer = Nieuwe klant
act-back = Vorige
act-skip = Overslaan
act-change = Wijzigen
act-change-country = Aanpassen aan het land
act-create-customer = Klant aanmaken
act-discard-draft = Concept verwijderen
act-back-to-agreement = Terug naar de overeenkomst
act-add-another = Nog een toevoegen
yes = Ja
no = Nee
f-accepted = De klant heeft de nieuwste Microsoft-klantovereenkomst geaccepteerd
f-who = Wie heeft de overeenkomst geaccepteerd?
acceptor-contact = De primaire contactpersoon
acceptor-contact-name = De primaire contactpersoon, { $name }
acceptor-other = Iemand anders
acceptor-other-hint = Alleen invullen als iemand anders heeft geaccepteerd
f-domain-hint = Letters en cijfers, hoogstens 27. Kan later niet meer worden gewijzigd
f-registration = Registratienummer
f-registration-named = Registratienummer ({ $name })
f-registration-advised-example = Hier niet verplicht; Microsoft kan erom vragen. Bijvoorbeeld { $example }
f-reseller = Indirecte reseller
f-reseller-mpn = Indirecte reseller (MPN-id)
no-reseller = Geen
reseller-option = { $name } (MPN-id { $mpn })
reseller-option-unsigned = { $name } (MPN-id { $mpn }), partnerovereenkomst niet ondertekend
f-example = Bijvoorbeeld { $example }
f-phone-hint = Zonder landnummer gaan we uit van { $code }
f-offer = Aanbieding
f-quantity = Aantal licenties
f-billing-cycle = Factureringscyclus
cycle-monthly = Maandelijks
cycle-annual = Jaarlijks
category-email = E-mail
category-microsoft-365 = Microsoft 365 en Office
category-security = Beveiliging en identiteit
category-business-apps = Bedrijfstoepassingen
category-azure = Azure
offer-limits = { $min }–{ $max } licenties
offer-usage = Op basis van verbruik
ordered-licenses = { $count ->
    [one] { $offer }: 1 licentie
   *[other] { $offer }: { $number } licenties
}
ordered-usage = { $offer }, afgerekend naar gebruik
domain-free = Geen van uw klanten gebruikt dit domein.
domain-taken = Er bestaat al een klant met het domein { $domain }. Kies een ander domein
lookalikes = Mogelijk dubbel. Controleer deze klanten voordat u er nog een aanmaakt.
warn-postal-code = Controleer de postcode { $code }: postcodes in dit land zien er meestal anders uit
warn-lines-closed = Deze abonnementen kunnen niet worden besteld, omdat de acceptatie niet is bevestigd. Vul de overeenkomst in of verwijder de abonnementen
nothing-created-yet = Er wordt niets aangemaakt totdat u Klant aanmaken kiest.
draft-kept = Dit concept wordt bij elke stap bewaard en blijft 30 dagen staan. U vindt het op de pagina Klanten.
drafts = { $count ->
    [one] 1 concept
   *[other] { $count } concepten
}
drafts-all = Alle concepten
draft-unnamed = Zonder bedrijfsnaam
draft-saved = Bewaard op { $time }
ok-draft-discarded = Concept verwijderd
created-sign-in = Aanmelding voor de beheerder van de klant
admin-account = Beheerdersaccount
temporary-password = Tijdelijk wachtwoord
password-once = Kopieer het tijdelijke wachtwoord nu. Het kan niet opnieuw worden getoond.
password-shown = Is al eenmaal getoond, of is ouder dan 10 minuten. Het kan niet opnieuw worden getoond
copy-admin-account = Beheerdersaccount kopiëren
copy-password = Tijdelijk wachtwoord kopiëren
created-confirmed = Vastgelegd: { $name } heeft { $version } geaccepteerd op { $date }.
history-created = { $who } heeft de klant aangemaakt.
history-ordered = { $who } heeft een bestelling geplaatst: { $offers }.
e-contact-first = Vul de voornaam van de primaire contactpersoon in
e-contact-last = Vul de achternaam van de primaire contactpersoon in
e-contact-email = Vul het e-mailadres van de primaire contactpersoon in
e-contact-phone = Vul een telefoonnummer van de primaire contactpersoon in; in dit land is dat verplicht
e-company-name = Vul de bedrijfsnaam in
e-domain-missing = Vul een primair domein in
e-domain-form = Een primair domein bestaat uit hoogstens 27 letters en cijfers, zonder accenten of streepjes
e-domain-taken = Er bestaat al een klant met dit domein. Kies een ander domein
e-address = Vul de eerste adresregel in
e-postal-code = Vul de postcode in
e-city = Vul de plaats in
e-state = Kies een staat of provincie uit de lijst
e-registration-missing = Vul het registratienummer in; in dit land is dat verplicht
e-registration-form = Vul het registratienummer in zoals dit land het schrijft, bijvoorbeeld { $sample }
e-registration-length = Vul een registratienummer van 5 tot 22 tekens in
e-reseller = Kies een indirecte reseller uit de lijst
e-quantity = Vul een geheel getal van 1 of meer in
e-quantity-limits = Vul een getal in van { $min } tot en met { $max }
e-order-closed = Er kan niets worden besteld totdat de acceptatie is ingevuld. Uw invoer blijft bewaard
e-order-changed = Wat kan worden besteld is gewijzigd. Bekijk de abonnementen opnieuw
e-draft-changed = Dit concept is in een ander venster gewijzigd. Zo ziet het er nu uit; controleer het opnieuw
category = Categorie
f-lines = Aanbiedingen en licenties
what-next = Wat u nu kunt doen
next-hand-over = Geef de accountnaam en het tijdelijke wachtwoord door aan de beheerder van de klant, die bij de eerste aanmelding een nieuw wachtwoord kiest.
f-term-duration = Looptijd
f-term-hint = Aanbiedingen zonder deze looptijd of factureringscyclus krijgen de standaardwaarde.
term-month = 1 maand
term-year = 1 jaar
term-three-years = 3 jaar
e-prerequisite = Dit is een invoegtoepassing: bestel ook de aanbieding waar deze bij hoort
offer-add-on = Invoegtoepassing bij { $offer }
segment = Segment
segment-commercial = Commercieel
segment-education = Onderwijs
segment-nonprofit = Non-profit
segment-government = Overheid

# Bestellingen en abonnementen

h-orders = Bestellingen
h-order = Bestelling
h-order-review = Bestelling controleren
h-renewals = Verlengingen
act-new-order = Nieuwe bestelling
act-place-order = Bestelling plaatsen
act-back-to-customer = Terug naar de klant
act-change-number = Aantal licenties wijzigen
act-suspend = Opschorten
act-reactivate = Opnieuw activeren
act-confirm-agreement = Overeenkomst bevestigen
act-switch-on = Inschakelen
act-switch-off = Uitschakelen
prompt-order = Rond eerst de bevestiging af
prompt-why = Na het opslaan gaat u verder met de bestelling.
prompt-why-lines = Na het opslaan gaat u verder met de bestelling. Uw bestelregels zijn bewaard.
block-licences = U kunt dit abonnement bekijken, maar u kunt het aantal licenties pas wijzigen als de acceptatie is bevestigd.
order-provider-confirms = Er kan niets worden besteld: de acceptatie van de overeenkomst is niet bevestigd. Uw indirecte provider moet deze bevestigen
col-licences = Licenties
col-status = Status
col-renews = Verlengingsdatum
col-auto-renew = Automatisch verlengen
col-what-happens = Wat er gebeurt
col-order = Bestelling
fact-placed = Geplaatst
fact-placed-by = Geplaatst door
fact-order-id = Bestelnummer
by-use = Naar gebruik
on = Aan
off = Uit
sub-active = Actief
sub-suspended = Opgeschort
sub-ended = Beëindigd
orders-empty = Hier is nog niets besteld.
subscriptions-empty = Nog geen abonnementen.
renewals-empty = Er wordt niets verlengd.
order-and-more = { $more ->
    [one] { $offer } en nog 1
   *[other] { $offer } en nog { $more }
}
nothing-ordered-yet = Er wordt niets besteld totdat u Bestelling plaatsen kiest.
search-offers = Zoek een aanbieding
f-new-quantity = Nieuw aantal licenties
f-new-quantity-hint = Een geheel getal van { $min } tot en met { $max }
f-reason = Reden
quantity-now = Nu: { $number } licenties
quantity-change = { $from } → { $to } licenties, { $by } minder
quantity-check = Verlagen naar { $to } licenties?
quantity-check-text = { $count ->
    [one] Mogelijk verliest 1 gebruiker de toegang tot dit product.
   *[other] Mogelijk verliezen { $by } gebruikers de toegang tot dit product.
}
ok-quantity = { $from } → { $to } licenties, { $offer }
ok-order = Bestelling geplaatst
ok-suspended = Abonnement opgeschort
ok-reactivated = Abonnement opnieuw geactiveerd
ok-auto-renew-on = Automatisch verlengen ingeschakeld
ok-auto-renew-off = Automatisch verlengen uitgeschakeld
renews-by-itself = Wordt automatisch verlengd
renews-by-hand = Loopt af, tenzij u handmatig verlengt
renewal-blocked = Loopt af: verlengen kan pas als de acceptatie is bevestigd
see-renewals = Verlengingen bekijken
history-order-blocked = { $who } probeerde een bestelling te plaatsen. Geblokkeerd: de acceptatie is niet bevestigd.
history-quantity-blocked = { $who } probeerde een aantal licenties te wijzigen. Geblokkeerd: de acceptatie is niet bevestigd.
history-quantity = { $who } heeft { $offer } gewijzigd van { $from } naar { $to } licenties.
history-suspended = { $who } heeft { $offer } opgeschort.
history-reactivated = { $who } heeft { $offer } opnieuw geactiveerd.
history-auto-renew-on = { $who } heeft automatisch verlengen van { $offer } ingeschakeld.
history-auto-renew-off = { $who } heeft automatisch verlengen van { $offer } uitgeschakeld.
history-subscription-renamed = { $who } heeft het abonnement { $offer } hernoemd naar ‘{ $name }’.
history-subscription-partner = { $who } heeft { $partner } de partner of record van { $offer } gemaakt.
history-subscription-no-partner = { $who } heeft de partner of record van { $offer } verwijderd.
e-order-nothing = Bestel ten minste één licentie
e-quantity-same = Dit is al het huidige aantal
e-suspended = Dit abonnement is opgeschort. Activeer het opnieuw voordat u het aantal licenties wijzigt
e-subscription-ended = Dit abonnement is beëindigd en kan niet worden gewijzigd
e-subscription-stale = Iemand heeft dit abonnement intussen gewijzigd. Zo staat het er nu voor; kijk het na en sla opnieuw op
e-switch = De wijziging is niet doorgevoerd. Probeer het opnieuw
history-subscriptions-imported = { $who } heeft abonnementen uit een bestand geïmporteerd.

# Bevestigingsstatus

nav-status = Bevestigingsstatus
status-as-of = Stand van { $time } ({ $zone })
status-empty = Nog geen klanten. Zodra die er zijn, staat hier wie niet bevestigd is. Een beheeragent of verkoopagent kan klanten toevoegen; een lijst uit Partner Center komt binnen met countersign import customers.
status-everyone = Iedereen is bevestigd, stand van { $day }.
status-filter = De cijfers filteren
status-period-label = Periode
status-period = { $weeks ->
    [one] Deze week
   *[other] { $weeks } weken
}
status-blocked = Nu geblokkeerd
status-waiting = { $count ->
    [0] Er wacht geen bestelling op een bevestiging
    [one] { $shown } bestelling wacht op een bevestiging
   *[other] { $shown } bestellingen wachten op een bevestiging
}
status-kept-by = Medewerker
status-since = Wacht
status-held-up = Geblokkeerd in de laatste { $days } dagen:
status-held-up-orders = { $count ->
    [one] { $shown } bestelling
   *[other] { $shown } bestellingen
}
status-held-up-licences = { $count ->
    [one] { $shown } licentiewijziging
   *[other] { $shown } licentiewijzigingen
}
status-more-than = meer dan { $number }
status-weeks = Vastgelegde bevestigingen per week
status-weeks-table = Dezelfde getallen als tabel
status-week = Week
status-from-monday = Vanaf maandag
status-by-person = Met een persoon
status-directly = Rechtstreeks bij Microsoft geaccepteerd
status-together = Vastgelegd
status-see-all = Alle { $count } bekijken
status-age = { $days ->
    [0] vandaag
    [one] { $shown } dag
   *[other] { $shown } dagen
}
status-renewals = Verlengingen met risico
status-renewals-lead = Voor deze abonnementen staat automatisch verlengen uit. Verlengen kan pas als de acceptatie is bevestigd. Abonnementen die automatisch worden verlengd, lopen door.
status-renewals-within = { $days } dagen: { $count }
status-by-country = Per land/regio
status-by-agent = Per medewerker
status-by-channel = Per kanaal
status-in-period = In de periode
status-nothing-recorded = Er is niets vastgelegd.
status-no-user = Geen gebruiker (opdrachtregel of programma)
status-col-part = Onderdeel
status-col-of = Van
status-col-what = Wat
status-col-number = Aantal
status-file-waiting = Bestellingen die op een bevestiging wachten
status-file-days = Binnen { $days } dagen
status-file-subscriptions = Abonnementen
status-recorded-in = Bevestigingen vastgelegd in { $period }

# Bevestigingsbewijs
act-print = Afdrukken
act-download-json = Downloaden als JSON
act-download-pdf = Downloaden als PDF
act-print-record = Bewijs afdrukken
e-record-script = De lettertypen van de pdf missen deze tekens: { $characters }. Druk in plaats daarvan deze pagina af, of laat op de server lettertypen die ze hebben in COUNTERSIGN_FONT_DIR zetten.
record-title = Bevestigingsbewijs
record-counts = Deze bevestiging geldt.
record-again = Deze bevestiging geldt, maar een latere versie van de overeenkomst is verplicht geworden.
record-superseded = Een latere bevestiging geldt.
record-h-customer = Klant
record-h-acceptance = Acceptatie
record-h-recorded = Vastlegging
record-h-proof = Bewijs
record-version = { $label }, gepubliceerd op { $day }
record-template = Sjabloon-id
record-channel = Vastgelegd via
record-time-here = Lokale tijd
record-time-utc = Tijd in UTC
record-id = Id van de bevestiging
record-hash = Hash van het bewijs (SHA-256)
record-entry-hash = Hash van de logregel
record-prev-hash = Hash van de regel ervoor
record-place = Plaats in de keten
record-entry = Regel { $number }.
record-fits = Het bewijs komt overeen met de logregel (gecontroleerd bij het opstellen van dit document).
record-broken = Het bewijs komt niet overeen met de logregel: een van beide is buiten Countersign om gewijzigd.
record-verify = Zo controleert u dit
record-verify-how = Voer “countersign audit verify” uit op de server, en vergelijk deze hashes met regel { $number } van de export van het auditlogboek.
record-made = Opgesteld op { $time }.

# Bestelcontrole
check-title = Bestelcontrole
check-lead = Controleer voor welke klanten u kunt bestellen, voordat een bestelling mislukt. Uw lijst wordt niet opgeslagen.
check-lines = Klanten
check-lines-hint = Eén per regel, maximaal 5.000: Microsoft-id, domein, e-mailadres of bedrijfsnaam. U kunt adressen van Partner Center of dit portaal en rijen uit een spreadsheet plakken.
check-file = Of een bestand (optioneel)
check-file-hint = CSV, platte tekst of een Excel-werkmap (.xlsx), hoogstens 4 MB: één klant per regel, of Export customers uit Partner Center
act-check = Controleren
check-export = Resultaten exporteren (CSV)
check-summary = U kunt vandaag voor { $open } van de { $all } bestellen.
check-h-closed = Bestellen geblokkeerd ({ $count })
check-h-open = Bestellen mogelijk ({ $count })
check-col-line = Regel
check-col-typed = In uw lijst
check-col-answer = Bestellen mogelijk?
check-yes = Ja
check-not-needed = Ja, hier is geen bevestiging nodig
check-not-confirmed = Nee, de acceptatie is niet bevestigd
check-reconfirmation-due = Nee, een latere versie van de overeenkomst moet worden bevestigd
check-nobody = Niet bekend als klant van dit partneraccount
check-several = { $count } klanten heten zo
check-beginning = { $count ->
    [one] Geen klant heet zo; de naam van één klant begint ermee
   *[other] Geen klant heet zo; de namen van { $count } klanten beginnen ermee
}
check-which = Bekijken welke
check-hidden = { $count ->
    [one] Eén rij van het werkblad { $sheet } is verborgen. Die is ook gecontroleerd.
   *[other] { $count } rijen van het werkblad { $sheet } zijn verborgen. Die zijn ook gecontroleerd.
}
check-others = Alleen het werkblad { $sheet } is gelezen, niet: { $others }
e-check-empty = Vul minstens één klant in, of kies een bestand
e-check-file-empty = Dit bestand noemt geen klant. Kies een CSV- of tekstbestand met één klant per regel
e-check-too-many = Deze lijst heeft { $found } regels; hoogstens { $max } kunnen in één keer worden gecontroleerd. Controleer de lijst in delen
e-check-encoding = Regel { $line } bevat letters die niemand zo schrijft: de codering van het bestand is niet te herkennen. Sla het op als CSV UTF-8 en kies dat
e-check-quote = Een aanhalingsteken in regel { $line } staat niet om een hele cel. Verbeter het en kies het bestand opnieuw
e-check-not-text = Dit is geen CSV-, tekstbestand of werkmap. Sla de lijst op als CSV of .xlsx en kies dat bestand
kept-orders = { $count ->
    [one] Bestelling niet geplaatst
   *[other] Bestellingen niet geplaatst
}
kept-line = { $quantity } × { $offer }
kept-blocked = Geblokkeerd: { $age }
kept-saved = Bewaard { $time } door { $agent }
act-continue-order = Doorgaan
act-discard-order = Verwijderen
act-discard-order-now = Deze bestelling verwijderen
discard-order-text = De bestelling is niet geplaatst. De bestelregels worden gewist.
ok-order-discarded = Bestelling verwijderd
share-percent = { $percent } %
share-almost-none = <1 %
share-almost-all = >99 %
all = Alle
licences-total = { $count ->
    [one] 1 licentie
   *[other] { $shown } licenties
}
status-headline = { $count ->
    [one] { $blocked } van { $all } klanten ({ $share }) is geblokkeerd
   *[other] { $blocked } van { $all } klanten ({ $share }) zijn geblokkeerd
}
status-no-match = Geen klanten met deze filters
status-consequence = Voor hen kunt u niets bestellen en geen licentieaantal wijzigen.
status-none-recorded = { $count ->
    [one] 1 heeft geen bevestiging.
   *[other] { $shown } hebben geen bevestiging.
}
status-accepted-earlier = { $count ->
    [one] 1 heeft een eerdere versie geaccepteerd dan { $version }, die verplicht is sinds { $day }.
   *[other] { $shown } hebben een eerdere versie geaccepteerd dan { $version }, die verplicht is sinds { $day }.
}
status-fewer = { $shown } minder sinds maandag
status-more = { $shown } meer sinds maandag
status-same = Geen verschil sinds maandag
status-any-country = Elk land/elke regio
status-any-agent = Elke medewerker
status-all-countries = Alle landen/regio’s
status-all-agents = Alle medewerkers
status-deadline = Deadline: { $version } is verplicht vanaf { $day }
status-on-course = Op koers
status-behind = Loopt achter
status-all-done = Niemand meer
status-pace-needed = Nodig
status-a-week-days = { $days ->
    [one] per week, nog 1 dag
   *[other] per week, nog { $shown } dagen
}
status-all-days = { $days ->
    [one] in totaal, nog 1 dag
   *[other] in totaal, nog { $shown } dagen
}
status-recent = Laatste vier volle weken
status-a-week = per week
status-at-pace = In dat tempo
status-days-early = { $days ->
    [one] 1 dag eerder
   *[other] { $shown } dagen eerder
}
status-days-late = { $days ->
    [one] 1 dag te laat
   *[other] { $shown } dagen te laat
}
status-on-the-day = op de laatste dag
status-chart-lead = Lijn: nog te bevestigen. Balken: vastgelegde bevestigingen per week, de lopende week lichter weergegeven.
status-chart-lead-pace = Lijn: nog te bevestigen tot de deadline. Balken: vastgelegde bevestigingen per week, de lopende week lichter weergegeven. Gestreept: het benodigde tempo.
status-chart-summary = Nog te bevestigen ging van { $first } aan het begin van de week van { $week } naar { $now } vandaag; in deze weken zijn { $recorded } bevestigingen vastgelegd. De tabel hieronder bevat alle cijfers.
status-chart-needed = { $needed } per week zijn nodig om op { $day } op nul te komen.
status-needed-short = { $needed } per week nodig
status-today = Vandaag
status-week-number = Weeknummer
status-added = Klanten toegevoegd
status-left = Nog te bevestigen
status-what-waits = Wat wacht
status-order-waits = Bestelling: { $what }
status-urgent = Meest urgent
status-urgent-after = Hierna het meest urgent
status-urgent-none = Geen andere geblokkeerde klanten met deze filters.
status-why = Reden
why-order = Bestelling geblokkeerd: { $age }
why-renewal = { $offer } loopt af op { $day }
why-no-licences-since = Geen licenties. Zonder bevestiging: { $age }
why-no-licences = Geen licenties
status-of-all = Van alle
status-share = Deel geblokkeerd
status-other-countries = Overige ({ $count })
status-file-licences = Licenties van de geblokkeerde bestelling

# De wachtrij en selecties van klanten

st-blocked = Geblokkeerd
act-queue = Een voor een bevestigen
act-save-close = Opslaan en sluiten
act-skip-customer = Overslaan
act-back-to-list = Terug naar de lijst
queue-place = Klant { $at }
queue-place-of = { $at } van { $of }
queue-ended = { $confirmed } bevestigd, { $skipped } overgeslagen
queue-nobody = Geen klant in deze lijst is geblokkeerd.
prefill-none = Iemand anders
prefill-check = Controleer of deze persoon heeft geaccepteerd.
prefill-kept = Wat u hebt getypt, is bewaard, omdat het over een andere persoon gaat. Maak de naam en het e-mailadres leeg om iemand anders in te vullen.
channel-selection = via een selectie
any-status = Alle statussen
any-country = Alle landen
act-apply = Toepassen
act-pick = Selecteren
act-pick-page = Alles op deze pagina selecteren
picked = # geselecteerd
act-confirm-selected = Met één datum bevestigen
act-select-all = Iedereen in deze lijst met één datum bevestigen
act-select-all-count = Alle { $count } met één datum bevestigen
act-print-list = Afdrukken
col-next-step = Volgende stap
col-why = Waarom
col-what-to-do = Wat u kunt doen
col-code = Code
list-printed-part = Op deze pagina staan { $shown } van de { $total } klanten. Gebruik Exporteren voor alle klanten.
f-attest = Elke hieronder genoemde persoon heeft op deze datum namens het bedrijf de nieuwste Microsoft-klantovereenkomst geaccepteerd. Ik heb dit gecontroleerd.
f-date-all = Datum van acceptatie, dezelfde voor iedereen
e-attest = Vink het vakje aan zodra u hebt gecontroleerd dat elke hieronder genoemde persoon heeft geaccepteerd
e-selection-empty = Selecteer minstens één klant die geblokkeerd is
e-selection-large = U kunt maximaal { $max } klanten tegelijk bevestigen. Beperk de lijst met filters
e-selection-older = Deze versie is gepubliceerd op { $published }, na de datum die u hebt ingevuld. Pas de datum aan, of bevestig deze klanten een voor een
selection-title = { $count ->
    [one] 1 klant met één datum bevestigen
   *[other] { $number } klanten met één datum bevestigen
}
selection-lead = { $all } geselecteerd.
selection-lead-left-out = { $count ->
    [one] { $all } geselecteerd. 1 klant doet niet mee.
   *[other] { $all } geselecteerd. { $count } klanten doen niet mee.
}
selection-nobody = Niemand in deze selectie kan met één datum worden bevestigd.
selection-happens = Wat er gebeurt
selection-happens-text = Eén bevestiging en één bewijs voor elke klant.
selection-included = { $count ->
    [one] Te bevestigen: 1 klant
   *[other] Te bevestigen: { $number } klanten
}
selection-left-out = { $count ->
    [one] Doet niet mee: 1 klant
   *[other] Doen niet mee: { $number } klanten
}
selection-left-out-more = En nog { $count }.
act-confirm-count = { $count ->
    [one] 1 klant bevestigen
   *[other] { $number } klanten bevestigen
}
act-confirm-alone = Apart bevestigen
act-edit-contact = Contactpersoon bewerken
act-not-confirmed-csv = Als CSV downloaden
selection-done = { $count ->
    [one] 1 van { $all } klanten bevestigd
   *[other] { $number } van { $all } klanten bevestigd
}
selection-not-done = { $count ->
    [one] Niet bevestigd: 1 klant
   *[other] Niet bevestigd: { $number } klanten
}
selection-not-confirmed = Niet bevestigde klanten
selection-no-contact = De primaire contactpersoon heeft geen voornaam, achternaam of e-mailadres.
selection-contact-changed = De primaire contactpersoon is gewijzigd nadat u deze klant had geselecteerd.
selection-already-recorded = De acceptatie is al bevestigd.
selection-date-refused = De datum kan niet de datum van deze acceptatie zijn.
selection-version-changed = Een andere versie van de overeenkomst is de nieuwste geworden.
selection-not-found = Deze klant bestaat niet in dit account.
e-workbook-large = Deze werkmap is groter dan { $max } MB. Splits hem
e-workbook-markup = Dit bestand is een webpagina met de naam van een werkmap. Open het in Excel en sla het op als .xlsx of CSV
e-workbook-old = Dit is een werkmap van Excel 97–2003 (.xls). Sla hem op als .xlsx of CSV
e-workbook-encrypted = Deze werkmap is beveiligd met een wachtwoord. Sla hem zonder wachtwoord op
e-workbook-binary = Dit is een binaire werkmap (.xlsb). Sla hem op als .xlsx of CSV
e-workbook-other = Dit is geen Excel-werkmap (.xlsx). Sla de lijst op als .xlsx of CSV
e-workbook-damaged = Deze werkmap is beschadigd ({ $part }). Open hem in Excel en sla hem opnieuw op
e-workbook-entities = Deze werkmap bevat een documenttype of entiteiten, die geen werkmap nodig heeft. Open hem in Excel en sla hem opnieuw op
e-workbook-bomb = Deze werkmap is uitgepakt vele malen zo groot en is niet gelezen
e-workbook-rows = Dit werkblad heeft meer dan { $max } rijen. Splits het
e-workbook-columns = Dit werkblad heeft cellen voorbij kolom { $max }. Verwijder ze
e-workbook-text = Deze werkmap bevat te veel cellen of te veel tekst. Splits hem
e-workbook-parts = Deze werkmap heeft te veel onderdelen. Kopieer de lijst naar een nieuwe werkmap
e-workbook-no-sheet = Deze werkmap heeft geen zichtbaar werkblad met cellen
e-workbook-no-such-sheet = Deze werkmap heeft geen werkblad met die naam. Wel: { $names }
e-workbook-formula = De formule in cel { $cell } is nooit berekend. Open de werkmap in Excel en sla hem opnieuw op
