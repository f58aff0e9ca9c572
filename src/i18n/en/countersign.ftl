# Frame

skip = Skip to main content
menu = Menu
language = Language
breadcrumb = Breadcrumb
pages = Pages
partner-account = Partner account
printed = Printed { $time } by { $name }, from Countersign
times-in = Times in { $zone }
nav-main = Main
nav-customers = Customers
search-customers = Search customers
search-placeholder = Company, domain or Microsoft ID
customer-nav = Customer: { $name }
list-or = { $first } or { $last }
choose = Choose
any = Any
unsaved = You have unsaved changes

# Buttons

act-search = Search
act-sign-in = Sign in
act-sign-out = Sign out
act-set-up = Set up
act-switch-to = Switch to { $account }
act-previous = Previous
act-next = Next
act-older = Older
act-edit = Edit
act-save = Save
act-save-continue = Save and continue
act-cancel = Cancel
act-next-not-confirmed = Next unconfirmed customer
act-save-next-not-confirmed = Save and next
act-update = Update
act-update-agreement = Confirm
act-view-history = View history
the-confirmation = the confirmation
copy-id = Copy Microsoft ID
copy-domain = Copy domain
to-customers = Go to Customers
to-sign-in = Go to Sign in

# Headings

h-sign-in = Sign in
h-setup = Set up Countersign
h-account-info = Account info
h-company = Company
h-contact = Primary contact
h-mca = Microsoft customer agreement
h-confirm = Confirm acceptance
h-update = Record a new confirmation
h-agreements = Confirmations
h-history = History

# Roles, clouds, statuses, channels

role-manager = Manager (read only)
role-sales-agent = Sales agent
role-admin-agent = Admin agent
cloud-public = Microsoft public cloud
cloud-21vianet = Operated by 21Vianet
cloud-germany = Microsoft Cloud Germany
cloud-us-government = Microsoft Cloud for US Government
environment-production = Production
environment-sandbox = Sandbox
type-direct-bill = Direct bill partner
type-indirect-provider = Indirect provider
type-indirect-reseller = Indirect reseller
st-confirmed = Confirmed
st-not-confirmed = Not confirmed
st-reconfirmation-due = Reconfirmation due
st-not-applicable = Not applicable
st-sandbox = Sandbox – not production
channel-new-customer = New customer
channel-account-info = Account info
channel-order-prompt = Order
channel-import = Import
channel-api = API
who-command-line = An administrator (command line)
who-anonymous = Somebody not signed in

# Fields

f-optional = { $label } (optional)
f-first-name = First name
f-last-name = Last name
f-last-hint = Only one name? Enter it in both boxes
f-email = Email address
f-phone = Phone number (optional)
f-date = Agreement acceptance date
f-date-hint = Today or earlier, for example 27 Mar 2026
f-today = Today
f-yesterday = Yesterday
f-calendar = Calendar
f-version = Agreement version
f-older = The date is right: the customer accepted before this version was published
f-company-name = Company name
f-country = Country/region
f-domain = Primary domain
f-address-1 = Address line 1
f-address-2 = Address line 2
f-city = City
f-state = State or province
f-postal-code = Postal code
f-culture = Language of documents
f-password = Password
f-password-hint = At least { $min } characters; a few words together are easy to remember
f-your-name = Your name
f-account-name = Name of the partner account
f-partner-type = Partner type
f-time-zone = Time zone
f-time-zone-hint = For example Europe/Amsterdam. Used to decide which dates are in the future
not-provided = Not provided
not-known = Not known
stored-now = Recorded now:
microsoft-id = Microsoft ID
fact-name = Name
fact-phone = Phone number
fact-address = Address
fact-language = Language

# Customers

views = Views
view-all = All
search-and-filter = Search and filter
search-hint = Company, domain, Microsoft ID or person
filters = { $active ->
    [0] More filters
    [one] More filters, 1 set
   *[other] More filters, { $active } set
}
active-filters = Active filters:
remove-filter = Remove filter: { $filter }
clear-filters = Clear all filters
show-all = Show all customers
filter-agreed-from = Accepted from
filter-agreed-to = Accepted up to
filter-channel = Recorded via
chip-agent = Recorded by: { $name }
chip-agreed-from = Accepted from { $day }
chip-agreed-to = Accepted up to { $day }
recorded-via = Recorded via: { $channel }
filter-ignored = The value of this filter is not recognised, so it was not applied: { $filter }
col-company = Company
col-agreement = Agreement
col-accepted-by = Accepted by
col-changed = Last change
col-actions = Actions
nobody-yet = Nobody yet
accepted-directly = Accepted directly with Microsoft
list-caption-all = { $count ->
    [0] No customers
    [one] 1 customer
   *[other] { $total } customers
}
list-caption-found = { $count ->
    [0] No customers match
    [one] 1 customer matches
   *[other] { $count } customers match
}
list-caption-more = More than { $shown } customers match
list-shown = { $shown } on this page
list-shown-of = { $first }–{ $last } of { $total }
list-empty = Add your first customer, or import Partner Center’s export.
list-no-match = Nothing found for “{ $q }”. Look for a company name, a domain, a Microsoft ID, or the name or email address of a person.
list-no-match-filter = No customers match these filters.
list-cursor-lost = The list has changed. This is the first page.
list-too-many = More than { $max } names contain these letters. Enter more of the name.

## Export

act-export = Export
export-columns = Columns
export-columns-screen = Columns shown
export-columns-all = All
export-separator = Separator in CSV
export-comma = Comma
export-semicolon = Semicolon
export-csv = Download CSV
export-xlsx = Download Excel
export-zoned = { $column } ({ $zone })
export-phone = Phone number
export-directly = Accepted directly
export-yes = yes
export-recorded-at = Recorded at
export-channel = Recorded via
export-created = Added
err-exports-busy = Too many exports at once
err-exports-busy-text = Other exports are still being written. Try again in half a minute.
err-too-many-rows = Too many rows for a workbook
err-too-many-rows-text = An XLSX file holds at most { $max } rows here. Choose CSV, or filter the list first.
err-search-too-wide = The search finds too much to export

# Account info

not-confirmed-consequence = Until this customer’s acceptance is confirmed, no new order can be created and the number of licences of existing subscriptions cannot be changed.
reconfirmation-due-consequence = A newer version of the agreement is mandatory. Until acceptance of it is confirmed, no new order can be created and the number of licences cannot be changed.
nothing-recorded = No acceptance has been recorded.
nothing-recorded-ask = No acceptance has been recorded. Ask the customer who accepted the agreement and on which date, then record both here.
accepted-directly-text = accepted directly with Microsoft; who and when is not known here
recorded-by = Recorded by
version-of = version { $day }
recorded-by-at = { $name }, { $time }
read-text = Read the text
read-text-in = Read the text ({ $which })
na-text = Not applicable: agreement confirmation only exists in the Microsoft public cloud. Cloud of this partner account: { $cloud }
reseller-text = This partner account is an indirect reseller’s. Its indirect provider confirms that the customer accepted the agreement; ask your indirect provider to do so.
perm-text = You can view this page. Recording a confirmation needs the role Admin agent or Sales agent. Ask { $names }
perm-text-nobody = You can view this page. Recording a confirmation needs the role Admin agent or Sales agent. Nobody has it yet
ok-saved = Confirmation recorded for { $company }
ok-company = Company saved
ok-contact = Primary contact saved
edit-company-lead = The primary domain, { $domain }, cannot be changed.

# The Update form and confirmations

update-lead = Record who accepted the agreement for the customer, and on which date. You attest that the customer did; you never accept for them.
prefill-label = Fill in from
prefill-contact = Primary contact: { $name }
prefill-former = Previous confirmation: { $name }
context = Context
recorded-now = Current confirmation
nothing-yet = Nothing has been recorded yet.
must-differ = This version is already confirmed. A new confirmation needs a different name, email address or phone number.
you-confirm = You are confirming
agreements-lead = Every confirmation ever recorded for this customer, newest first. None is ever changed or deleted.
superseded = Superseded

# History

history-empty = Nothing has happened yet.
history-number = entry { $seq }
history-confirmed = { $who } confirmed that { $name } accepted { $version } on { $date }. Recorded via: { $channel }.
history-direct = { $who } recorded that the customer accepted { $version } directly with Microsoft.
history-direct-on = { $who } recorded that the customer accepted { $version } directly with Microsoft on { $date }.
history-imported = { $who } added the customer from a file.
history-updated-by-import = { $who } updated the customer from a file.
history-company = { $who } edited the company.
history-contact = { $who } edited the primary contact.
history-deleted = { $who } deleted the customer.
history-relationship-removed = { $who } ended the relationship with the customer.
history-qualification = { $who } set what the customer qualifies for: { $qualification }.
qualification = Qualification
qualification-none = nothing but commercial offers
qualification-education = Education
qualification-nonprofit = Non-profit
qualification-government = Government Community Cloud
qualification-state-owned = State-owned entity
history-other = { $who }: { $action }
history-changes = { $count ->
    [one] What changed
   *[other] What changed ({ $count })
}
history-changes-table = What changed
history-field = Field
history-from = Before
history-to = After

## API clients

nav-api-clients = API clients
api-clients-lead = Programs that speak the Partner Center API for this partner account. Each signs in with a client ID and a secret, or acts as a user with a refresh token.
api-connection = Connection details
f-api-address = Base address
f-token-address = Token address
f-authority = Authority (MSAL: oidc_authority)
f-tenant = Tenant
f-client-id = Client ID
f-client-secret = Client secret
f-client-name = Name
f-client-name-hint = What confirmations through the API are signed with, for example the program’s name
f-client-role-hint = What the program may do by itself
f-role = Role
f-refresh-token = Refresh token
copy-named = Copy { $what }
api-clients-empty = There are no API clients yet.
api-client-active = Active
api-client-revoked = Revoked
api-client-made = API client { $name } created
api-secret-once = Copy the secret now: it is shown only this once and cannot be looked up again.
api-token-made = { $name } can act as you
api-token-once = Copy the refresh token now: it is shown only this once. It holds for 90 days; each time the program uses it, it gets a newer one too. What the program does is recorded with your name and its own.
act-refresh-token = Authorise to act as me
act-revoke = Revoke
act-revoke-now = Revoke { $name }
revoke-text = Nothing is accepted from it from the next request on. This cannot be undone.
h-new-api-client = New API client
act-create-api-client = Create API client
ok-api-client-revoked = The API client was revoked. Nothing is accepted from it any more.
e-client-name = Enter a name
e-client-name-taken = There is an API client of that name already, or was. Choose another
e-role = Choose a role
e-client-revoked = { $name } was revoked, so it cannot act as you

h-api-reference = API reference
api-reference-lead = The operations of the Partner Center API that this portal has, behind the base address. Anything else is answered with 404 and code 1000.
act-openapi = OpenAPI document
h-api-rules = How it works
api-rule-token = A program asks for an access token with its client ID and secret; the token holds for 60 minutes.
api-rule-request = The same MS-RequestId again within 24 hours is the same request: it is done once and answered the same.
api-rule-fault = A mistake is answered with Partner Center’s code and a description that names the field to correct.
api-rule-gate = Orders and licence changes for a customer who is not confirmed are answered with 403 and code 13605.
api-example = Example at the command line
col-operation = Operation
col-what-it-does = What it does
col-least-role = Minimum role

## Audit

nav-audit = Audit
audit-lead = Everything that happened in this partner account, newest first. Days and times in { $zone }.
audit-filter = Filter the log
audit-actor = User or program
audit-type = Event
audit-customer = Customer
audit-customer-hint = Microsoft ID
audit-from = From
audit-to = To
audit-day-hint = For example 27 Mar 2026
audit-apply = Apply
audit-export = Export (JSON lines)
audit-empty = Nothing in the log matches these filters.
audit-ignored = { $filter }: “{ $value }” is not understood, so this filter is ignored.
audit-cursor-lost = The list has changed. These are the newest entries.
audit-newer = Newer
audit-newest = Newest
audit-shown = { $count ->
    [one] 1 entry
   *[other] { $count } entries
}
audit-verified = Chain verified 1–{ $last }, { $time }
audit-verified-after-wrong = { $wrong }: a verification found that the log or a record was altered outside Countersign (WRONG). This is kept for ever; the event Log verified says what was found. Chain verified again 1–{ $last }, { $time }.
audit-unverified = The whole log has not been verified yet: run “countersign audit verify” on the server.
audit-broken = The log was altered outside Countersign, or the last verification ({ $time }) found that. Run countersign audit verify, which names the first entry or row.
audit-shown-fit = Entries on this page verified: no changes found.
audit-shown-wrong = Altered outside Countersign, or the entry before was: entry { $list }. Run countersign audit verify.
history-raw = Technical details
copy-hash = Copy hash
may-view-customers = view customers
may-edit-customers = edit customers
may-confirm = confirm acceptance
may-order = place orders
may-import = import files
may-administer = administer the portal
history-signed-in = { $who } signed in.
history-sign-in-failed = A sign-in failed: { $who }.
history-denied = { $who } was denied access: their role cannot { $what }.
history-exported = { $who } exported a list: { $list } ({ $format }).
history-customers-imported = { $who } imported a file of customers.
history-resellers-imported = { $who } imported a file of indirect resellers.
history-catalogue-imported = { $who } imported a file of offers.
history-version-added = { $who } added the agreement version { $version }.
history-account-created = { $who } created the partner account { $name }.
history-account-changed = { $who } changed the partner account { $name }.
history-user-created = { $who } created the user { $name }.
history-role-set = { $who } gave { $name } the role { $role }.
history-password-set = { $who } set the password of { $name }.
history-user-disabled = { $who } disabled the user { $name }.
history-user-enabled = { $who } enabled the user { $name } again.
history-api-client-created = { $who } created the API client { $name }.
history-api-client-revoked = { $who } revoked the API client { $name }.
history-refresh-token = { $who } let the API client { $name } act as { $user }.
history-log-verified = { $who } verified the whole log.
history-log-verified-ok = { $who } verified the whole log up to entry { $last }: no changes found.
history-log-verified-wrong = { $who } verified the whole log: it or a record was altered outside Countersign (WRONG). The values below name the place.
kind-signed-in = Signed in
kind-sign-in-failed = Sign-in failed
kind-denied = Access denied
kind-exported = List exported
kind-log-verified = Log verified
kind-customer-created = Customer created
kind-order-placed = Order placed
kind-order-blocked = Order blocked
kind-quantity-changed = Licence count changed
kind-quantity-blocked = Licence change blocked
kind-suspended = Subscription suspended
kind-reactivated = Subscription reactivated
kind-auto-renew-on = Auto-renew switched on
kind-auto-renew-off = Auto-renew switched off
kind-subscription-renamed = Subscription renamed
kind-subscription-partner = Partner on record changed
kind-customer-imported = Customer added from a file
kind-customer-updated = Customer updated from a file
kind-customers-imported = File of customers imported
kind-resellers-imported = File of indirect resellers imported
kind-catalogue-imported = File of offers imported
kind-subscriptions-imported = Subscriptions imported
kind-company-edited = Company edited
kind-contact-edited = Primary contact edited
kind-customer-deleted = Customer deleted
kind-relationship-removed = Relationship ended
kind-qualification-set = Qualification set
kind-confirmed = Acceptance confirmed
kind-directly = Accepted directly with Microsoft
kind-version-added = Agreement version added
kind-account-created = Partner account created
kind-account-changed = Partner account changed
kind-user-created = User created
kind-role-set = Role set
kind-password-set = Password set
kind-user-disabled = User disabled
kind-user-enabled = User enabled again
kind-api-client-created = API client created
kind-api-client-revoked = API client revoked
kind-refresh-token = API client authorised for a user

# Signing in and setting up

sign-in-ended-idle = You were signed out because you were away for 30 minutes.
sign-in-ended-longest = You were signed out because you had been signed in for 12 hours.
sign-in-kept = What you typed is kept: after signing in the form comes back filled in, not yet saved.
sign-in-trouble = Trouble? Ask your administrator { $contact }
sign-in-trouble-nobody = Trouble? Ask your administrator
setup-lead = You create the first partner account and yourself as its Admin agent. You can use this page only once.

# What is wrong

e-title = There is a problem
e-prefix = Error:
e-first = Enter the first name of the person who accepted
e-last = Enter the last name of the person who accepted
e-email-missing = Enter the email address of the person who accepted
e-email-form = Enter an email address in the correct format, like name@example.com
e-date-missing = Enter the agreement acceptance date
e-date-part = Agreement acceptance date must include a { $part }
part-day = day
part-month = month
part-year = year
e-date-real = Agreement acceptance date must be a real date
e-date-early = Agreement acceptance date must be 1 January 2000 or later
e-date-month-first = Type the day first: did you mean { $date }?
e-date-weekday = { $date } is a { $weekday }. Correct the day of the week or the date
weekday-mon = Monday
weekday-tue = Tuesday
weekday-wed = Wednesday
weekday-thu = Thursday
weekday-fri = Friday
weekday-sat = Saturday
weekday-sun = Sunday
e-date-future = Agreement acceptance date must be today or in the past. Today is { $today } in { $zone }
e-phone = A phone number has 5 to 20 digits. Correct it or leave it empty
e-missing = Enter a value for { $field }
e-too-long = { $field }: use at most { $max } characters
e-unprintable = { $field }: contains characters that cannot be shown. Type it again
e-character-lost = { $field }: a character was lost on the way. Correct it
e-name-letter = Enter a name: first and last name together need a letter or digit
warn-phone-rounded = This looks like a number that a spreadsheet rounded. Ask for the phone number again.
e-country = Choose a country or region from the list
e-culture = Choose a language from the list
e-culture-country = This country is not offered that language. Choose one from the list
e-unknown = { $field }: choose one that exists
e-same = Already recorded: { $name } accepted this version on { $date }. Change the name, email address or phone number to record a new confirmation
e-older = This version was published on { $published }, after the date you entered. Correct the date, or tick that it is right
e-version-stale = Meanwhile { $label } became the latest version. Your entries are below; check that the customer accepted this version and save again
e-version-unknown = The agreement version was not recognised. Your entries are below; save again
e-stale = { $own ->
    [yes] You changed this in another window on { $day } at { $time }. Your entries are below; compare and save again
   *[no] { $name } changed this customer on { $day } at { $time }. Your entries are below; compare and save again
}
e-stale-unknown = Somebody changed this customer meanwhile. Your entries are below; compare and save again
e-submission-unknown = This form was open too long or is not yours. Nothing was saved; your entries are below. Save again
e-submission-used = This form was saved before with other entries. Those below were not saved; save again if you mean them
e-sign-in-email = Enter your email address
e-sign-in-password = Enter your password
e-sign-in-wrong = Email address or password is not correct
e-sign-in-too-many = { $minutes ->
    [one] Too many attempts. Try again in 1 minute
   *[other] Too many attempts. Try again in { $minutes } minutes
}
e-password-short = Use at least { $min } characters

# Error pages

err-not-found = Page not found
err-not-found-text = If you typed the address, check that it is correct. If you followed a link, what it led to may belong to another partner account.
err-forbidden = No access
err-forbidden-text = You do not have access to this page. It needs the role { $roles }.
err-forbidden-ask = Ask { $names }
err-cross-site = This form came from another site
err-cross-site-text = Nothing was saved. Open the page in Countersign and try again there.
err-method = This page cannot do that
err-method-text = The address exists, but it does not take this kind of request.
err-too-large = { $kind ->
    [file] The file is too large
   *[form] The form is too large
}
err-too-large-text = { $kind ->
    [file] Choose a file of at most { $limit } MB. Nothing was saved.
   *[form] A form can hold at most { $limit } kB. Nothing was saved.
}
err-bad-request = That could not be read
err-bad-request-text = Nothing was saved. Go back and try again.
err-unavailable = Countersign cannot reach its database
err-unavailable-text = Nothing was saved. Try again in a moment. You can safely send it again: it is saved only once.
err-account = This form was opened for { $account }, you are in { $current } now
err-account-text = Nothing was saved. Switch back to { $account } to see the form again with your entries; check them and save there.
err-account-gone = This form was opened for another partner account, you are in { $current } now
err-account-gone-text = Nothing was saved. You no longer have access to that partner account.
err-typed = Your entries
act-switch-back = Switch back to { $account }
err-fault = Something went wrong on our side
err-fault-text = Try again in a few minutes. If it happens again, tell your administrator the reference below.
err-reference = Reference:
lang-am = Amharic

# Languages of documents

lang-ar = Arabic
lang-az = Azerbaijani
lang-be = Belarusian
lang-bg = Bulgarian
lang-bn = Bangla
lang-bs = Bosnian
lang-ca = Catalan
lang-cs = Czech
lang-da = Danish
lang-de = German
lang-dv = Divehi
lang-el = Greek
lang-en = English
lang-es = Spanish
lang-et = Estonian
lang-eu = Basque
lang-fa = Persian
lang-fi = Finnish
lang-fo = Faroese
lang-fr = French
lang-gl = Galician
lang-ha = Hausa
lang-he = Hebrew
lang-hi = Hindi
lang-hr = Croatian
lang-hu = Hungarian
lang-hy = Armenian
lang-id = Indonesian
lang-is = Icelandic
lang-it = Italian
lang-ja = Japanese
lang-ka = Georgian
lang-kk = Kazakh
lang-km = Khmer
lang-ko = Korean
lang-ky = Kyrgyz
lang-lo = Lao
lang-lt = Lithuanian
lang-lv = Latvian
lang-mk = Macedonian
lang-mn = Mongolian
lang-ms = Malay
lang-mt = Maltese
lang-nb = Norwegian
lang-ne = Nepali
lang-nl = Dutch
lang-pl = Polish
lang-ps = Pashto
lang-pt = Portuguese
lang-ro = Romanian
lang-ru = Russian
lang-rw = Kinyarwanda
lang-si = Sinhala
lang-sk = Slovak
lang-sl = Slovenian
lang-sq = Albanian
lang-sr = Serbian
lang-sv = Swedish
lang-sw = Swahili
lang-tg = Tajik
lang-th = Thai
lang-tk = Turkmen
lang-tr = Turkish
lang-uk = Ukrainian
lang-ur = Urdu
lang-uz = Uzbek
lang-vi = Vietnamese
lang-wo = Wolof
lang-zh = Chinese
script-cyrl = Cyrillic
script-latn = Latin
act-send-again = Send again
err-uncertain-text = It is not certain that this was saved. You can safely send it again: it is saved only once.
accepted-directly-on-text = accepted directly with Microsoft; who is not known here

# The wizard for a new customer

h-new-customer = New customer
h-subscriptions = Subscriptions
h-review = Review
h-confirmation = Confirmation
h-customer-created = Customer created
wizard-step = New customer, step { $number } of 4
wizard-company-about = The country or region determines which details are required.
wizard-contact-about = The person you and Microsoft contact.
wizard-agreement-about = Nothing can be ordered for this customer until acceptance is confirmed. You can leave this open and do it later.
wizard-order-closed = Nothing can be ordered yet: the customer’s acceptance of the agreement has not been filled in. You can do that now, or create the customer without subscriptions.
wizard-order-provider = Nothing can be ordered yet: your indirect provider has to confirm that the customer accepted the agreement.
act-new-customer = New customer
act-back = Back
act-skip = Skip
act-change = Change
act-change-country = Adapt to the country
act-create-customer = Create customer
act-discard-draft = Discard draft
act-back-to-agreement = Back to the agreement
act-add-another = Add another
yes = Yes
no = No
f-accepted = The customer has accepted the latest Microsoft customer agreement
f-who = Who accepted the agreement?
acceptor-contact = The primary contact
acceptor-contact-name = The primary contact, { $name }
acceptor-other = Someone else
acceptor-other-hint = Only fill in when someone else accepted
f-domain-hint = Letters and digits, at most 27. Cannot be changed later
f-registration = Registration number
f-registration-named = Registration number ({ $name })
f-registration-advised-example = Optional here; Microsoft may ask for it. For example { $example }
f-reseller = Indirect reseller
f-reseller-mpn = Indirect reseller (MPN ID)
no-reseller = None
reseller-option = { $name } (MPN ID { $mpn })
reseller-option-unsigned = { $name } (MPN ID { $mpn }), partner agreement not signed
f-example = For example { $example }
f-phone-hint = Without a country code we assume { $code }
f-offer = Offer
f-quantity = Number of licences
f-billing-cycle = Billing cycle
cycle-monthly = Monthly
cycle-annual = Annual
category-email = Email
category-microsoft-365 = Microsoft 365 and Office
category-security = Security and identity
category-business-apps = Business applications
category-azure = Azure
offer-limits = { $min }–{ $max } licences
offer-usage = Usage-based
ordered-licenses = { $count ->
    [one] { $offer }: 1 licence
   *[other] { $offer }: { $number } licences
}
ordered-usage = { $offer }, charged by use
domain-free = None of your customers uses this domain.
domain-taken = A customer with the domain { $domain } exists already. Choose another domain
lookalikes = Possible duplicate. Check these customers before you create another.
warn-postal-code = Check the postal code { $code }: it is not written as postal codes in this country usually are
warn-lines-closed = These subscriptions cannot be ordered, because acceptance is not confirmed. Fill in the agreement, or remove the subscriptions
nothing-created-yet = Nothing is created until you select Create customer.
draft-kept = This draft is saved at each step and kept for 30 days. You can find it on the Customers page.
drafts = { $count ->
    [one] 1 draft
   *[other] { $count } drafts
}
drafts-all = All drafts
draft-unnamed = Without a company name
draft-saved = Saved { $time }
ok-draft-discarded = Draft discarded
created-sign-in = Sign-in for the customer’s administrator
admin-account = Admin account
temporary-password = Temporary password
password-once = Copy the temporary password now. It cannot be shown again.
password-shown = Was shown once, or more than 10 minutes ago. It cannot be shown again
copy-admin-account = Copy admin account
copy-password = Copy temporary password
created-confirmed = Recorded: { $name } accepted { $version } on { $date }.
history-created = { $who } created the customer.
history-ordered = { $who } placed an order: { $offers }.
e-contact-first = Enter the first name of the primary contact
e-contact-last = Enter the last name of the primary contact
e-contact-email = Enter the email address of the primary contact
e-contact-phone = Enter a phone number of the primary contact; this country requires one
e-company-name = Enter the company name
e-domain-missing = Enter a primary domain
e-domain-form = A primary domain has letters and digits only, at most 27, without accents or hyphens
e-domain-taken = A customer with this domain exists already. Choose another domain
e-address = Enter the first line of the address
e-postal-code = Enter the postal code
e-city = Enter the city
e-state = Choose a state or province from the list
e-registration-missing = Enter the registration number; this country requires one
e-registration-form = Enter the registration number as this country writes it, for example { $sample }
e-registration-length = Enter a registration number of 5 to 22 characters
e-reseller = Choose an indirect reseller from the list
e-quantity = Enter a whole number of 1 or more
e-quantity-limits = Enter a number from { $min } to { $max }
e-order-closed = Nothing can be ordered until acceptance is filled in. Your entries are kept
e-order-changed = What can be ordered has changed. Look at the subscriptions again
e-draft-changed = This draft was changed in another window. This is how it stands now; review it again
category = Category
f-lines = Offers and licences
what-next = What to do next
next-hand-over = Hand the account name and the temporary password over to the customer’s administrator, who chooses a new password at the first sign-in.
f-term-duration = Term
f-term-hint = Offers without this term or billing cycle use their default.
term-month = 1 month
term-year = 1 year
term-three-years = 3 years
e-prerequisite = This is an add-on: order the offer it belongs to as well
offer-add-on = Add-on to { $offer }
segment = Segment
segment-commercial = Commercial
segment-education = Education
segment-nonprofit = Nonprofit
segment-government = Government

# Orders and subscriptions

h-orders = Orders
h-order = Order
h-order-review = Review the order
h-renewals = Renewals
act-new-order = New order
act-place-order = Place order
act-back-to-customer = Back to customer
act-change-number = Change licence count
act-suspend = Suspend
act-reactivate = Reactivate
act-confirm-agreement = Confirm agreement
act-switch-on = Switch on
act-switch-off = Switch off
prompt-order = Complete the confirmation first
prompt-why = Save the confirmation and you continue with the order.
prompt-why-lines = Save the confirmation and you continue with the order. Your order lines are saved.
block-licences = You can view this subscription, but you cannot change its licence count until acceptance is confirmed.
order-provider-confirms = Nothing can be ordered: the customer’s acceptance of the agreement is not confirmed. Your indirect provider has to confirm it
col-licences = Licences
col-status = Status
col-renews = Renewal date
col-auto-renew = Auto-renew
col-what-happens = What happens
col-order = Order
fact-placed = Placed
fact-placed-by = Placed by
fact-order-id = Order ID
by-use = By use
on = On
off = Off
sub-active = Active
sub-suspended = Suspended
sub-ended = Ended
orders-empty = Nothing has been ordered here yet.
subscriptions-empty = No subscriptions yet.
renewals-empty = Nothing renews.
order-and-more = { $more ->
    [one] { $offer } and 1 more
   *[other] { $offer } and { $more } more
}
nothing-ordered-yet = Nothing is ordered until you select Place order.
search-offers = Find an offer
f-new-quantity = New number of licences
f-new-quantity-hint = A whole number from { $min } to { $max }
f-reason = Reason
quantity-now = Now: { $number } licences
quantity-change = { $from } → { $to } licences, { $by } fewer
quantity-check = Reduce to { $to } licences?
quantity-check-text = { $count ->
    [one] 1 user may lose access to this product.
   *[other] { $by } users may lose access to this product.
}
ok-quantity = { $from } → { $to } licences, { $offer }
ok-order = Order placed
ok-suspended = Subscription suspended
ok-reactivated = Subscription reactivated
ok-auto-renew-on = Auto-renew switched on
ok-auto-renew-off = Auto-renew switched off
renews-by-itself = Renews automatically
renews-by-hand = Expires unless renewed manually
renewal-blocked = Expires: cannot be renewed until acceptance is confirmed
see-renewals = View renewals
history-order-blocked = { $who } tried to place an order. Blocked: acceptance is not confirmed.
history-quantity-blocked = { $who } tried to change a licence count. Blocked: acceptance is not confirmed.
history-quantity = { $who } changed { $offer } from { $from } to { $to } licences.
history-suspended = { $who } suspended { $offer }.
history-reactivated = { $who } reactivated { $offer }.
history-auto-renew-on = { $who } switched auto-renew of { $offer } on.
history-auto-renew-off = { $who } switched auto-renew of { $offer } off.
history-subscription-renamed = { $who } renamed the subscription { $offer } to “{ $name }”.
history-subscription-partner = { $who } made { $partner } the partner on record of { $offer }.
history-subscription-no-partner = { $who } removed the partner on record of { $offer }.
e-order-nothing = Order at least one licence
e-quantity-same = This is already the number of licences
e-suspended = This subscription is suspended. Reactivate it before you change the number of licences
e-subscription-ended = This subscription has ended and cannot be changed
e-subscription-stale = Somebody changed this subscription meanwhile. This is how it stands now; look and save again
e-switch = The change was not made. Try again
history-subscriptions-imported = { $who } imported subscriptions from a file.

# Confirmation status

nav-status = Confirmation status
status-as-of = As of { $time } ({ $zone })
status-empty = No customers yet. Once there are some, this page says who is not confirmed. An Admin agent or a Sales agent can add customers; a list from Partner Center comes in with countersign import customers.
status-everyone = Everyone is confirmed, as of { $day }.
status-filter = Filter the figures
status-period-label = Period
status-period = { $weeks ->
    [one] This week
   *[other] { $weeks } weeks
}
status-blocked = Blocked now
status-waiting = { $count ->
    [0] No order waits for a confirmation
    [one] { $shown } order waits for a confirmation
   *[other] { $shown } orders wait for a confirmation
}
status-kept-by = Agent
status-since = Waiting
status-held-up = Blocked in the last { $days } days:
status-held-up-orders = { $count ->
    [one] { $shown } order
   *[other] { $shown } orders
}
status-held-up-licences = { $count ->
    [one] { $shown } licence change
   *[other] { $shown } licence changes
}
status-more-than = more than { $number }
status-weeks = Confirmations recorded per week
status-weeks-table = The same numbers as a table
status-week = Week
status-from-monday = From Monday
status-by-person = With a person
status-directly = Accepted directly with Microsoft
status-together = Recorded
status-see-all = See all { $count }
status-age = { $days ->
    [0] since today
    [one] { $shown } day
   *[other] { $shown } days
}
status-renewals = Renewals at risk
status-renewals-lead = Auto-renew is off for these subscriptions. They cannot be renewed until acceptance is confirmed. Auto-renewing subscriptions are not affected.
status-renewals-within = { $days } days: { $count }
status-by-country = By country/region
status-by-agent = By agent
status-by-channel = By channel
status-in-period = In the period
status-nothing-recorded = Nothing was recorded.
status-no-user = No user (command line or a program)
status-col-part = Part
status-col-of = Of
status-col-what = What
status-col-number = Number
status-file-waiting = Orders that wait for a confirmation
status-file-days = Within { $days } days
status-file-subscriptions = Subscriptions
status-recorded-in = Confirmations recorded in { $period }

# Confirmation record
act-print = Print
act-download-json = Download as JSON
act-download-pdf = Download as PDF
act-print-record = Print record
e-record-script = The PDF’s fonts lack these characters: { $characters }. Print this page instead, or have fonts that have them put into COUNTERSIGN_FONT_DIR on the server.
record-title = Confirmation record
record-counts = This is the confirmation in force.
record-again = This is the confirmation in force, but a later version of the agreement has become mandatory.
record-superseded = A later confirmation is in force.
record-h-customer = Customer
record-h-acceptance = Acceptance
record-h-recorded = Recorded
record-h-proof = Proof
record-version = { $label }, published { $day }
record-template = Template ID
record-channel = Recorded via
record-time-here = Local time
record-time-utc = Time in UTC
record-id = Confirmation ID
record-hash = Record hash (SHA-256)
record-entry-hash = Hash of the log’s entry
record-prev-hash = Hash of the entry before
record-place = Place in the chain
record-entry = Entry { $number }.
record-fits = The record matches its log entry (checked when this document was generated).
record-broken = The record does not match its log entry: one of them was altered outside Countersign.
record-verify = How to verify
record-verify-how = Run “countersign audit verify” on the server, and compare these hashes with entry { $number } of the audit export.
record-made = Generated { $time }.

# Order check
check-title = Order check
check-lead = Check which customers you can order for, before an order fails. Your list is not stored.
check-lines = Customers
check-lines-hint = One per line, up to 5,000: Microsoft ID, domain, email address or company name. You can paste addresses of Partner Center or of this portal, and rows from a spreadsheet.
check-file = Or a file (optional)
check-file-hint = CSV, plain text or an Excel workbook (.xlsx), at most 4 MB: one customer a line, or Partner Center’s Export customers
act-check = Check
check-export = Export results (CSV)
check-summary = You can order for { $open } of { $all } today.
check-h-closed = Ordering blocked ({ $count })
check-h-open = Ready to order ({ $count })
check-col-line = Line
check-col-typed = In your list
check-col-answer = Can you order?
check-yes = Yes
check-not-needed = Yes, no confirmation is needed here
check-not-confirmed = No, the acceptance is not confirmed
check-reconfirmation-due = No, a later version of the agreement must be confirmed
check-nobody = Not known as a customer of this partner account
check-several = { $count } customers have this name
check-beginning = { $count ->
    [one] No customer has this name; the name of one begins with it
   *[other] No customer has this name; the names of { $count } begin with it
}
check-which = See which
check-hidden = { $count ->
    [one] One row of the sheet { $sheet } is hidden. It was checked too.
   *[other] { $count } rows of the sheet { $sheet } are hidden. They were checked too.
}
check-others = Only the sheet { $sheet } was read, not: { $others }
e-check-empty = Enter at least one customer, or choose a file
e-check-file-empty = This file names no customer. Choose a CSV or text file with one customer a line
e-check-too-many = This list has { $found } lines; at most { $max } can be checked at once. Check it in parts
e-check-encoding = Line { $line } holds letters that nobody writes so: the file is in an encoding that cannot be told. Save it as CSV UTF-8 and choose that
e-check-quote = A quotation mark in line { $line } is not opened and closed around a whole cell. Correct it and choose the file again
e-check-not-text = This is no CSV, text file or workbook. Save the list as CSV or .xlsx and choose that
kept-orders = { $count ->
    [one] Order not placed
   *[other] Orders not placed
}
kept-line = { $quantity } × { $offer }
kept-blocked = Blocked: { $age }
kept-saved = Saved { $time } by { $agent }
act-continue-order = Continue
act-discard-order = Discard
act-discard-order-now = Discard this order
discard-order-text = The order has not been placed. Its lines are deleted.
ok-order-discarded = Order discarded
share-percent = { $percent } %
share-almost-none = <1 %
share-almost-all = >99 %
all = All
licences-total = { $count ->
    [one] 1 licence
   *[other] { $shown } licences
}
status-headline = { $count ->
    [one] { $blocked } of { $all } customers ({ $share }) is blocked
   *[other] { $blocked } of { $all } customers ({ $share }) are blocked
}
status-no-match = No customers match these filters
status-consequence = No order can be placed and no licence count changed for them.
status-none-recorded = { $count ->
    [one] 1 has no confirmation.
   *[other] { $shown } have no confirmation.
}
status-accepted-earlier = { $count ->
    [one] 1 accepted an earlier version than { $version }, which has been mandatory since { $day }.
   *[other] { $shown } accepted an earlier version than { $version }, which has been mandatory since { $day }.
}
status-fewer = { $shown } fewer since Monday
status-more = { $shown } more since Monday
status-same = No change since Monday
status-any-country = Any country/region
status-any-agent = Any agent
status-all-countries = All countries/regions
status-all-agents = All agents
status-deadline = Deadline: { $version } is mandatory from { $day }
status-on-course = On course
status-behind = Behind
status-all-done = Nobody left
status-pace-needed = Pace needed
status-a-week-days = { $days ->
    [one] a week, 1 day left
   *[other] a week, { $shown } days left
}
status-all-days = { $days ->
    [one] in all, 1 day left
   *[other] in all, { $shown } days left
}
status-recent = Last four full weeks
status-a-week = a week
status-at-pace = At that pace
status-days-early = { $days ->
    [one] 1 day early
   *[other] { $shown } days early
}
status-days-late = { $days ->
    [one] 1 day late
   *[other] { $shown } days late
}
status-on-the-day = on the last day
status-chart-lead = Line: still to confirm. Bars: confirmations recorded per week, this week so far in a lighter colour.
status-chart-lead-pace = Line: still to confirm by the deadline. Bars: confirmations recorded per week, this week so far in a lighter colour. Dashed: pace needed.
status-chart-summary = Still to confirm went from { $first } at the start of the week from { $week } to { $now } today; { $recorded } confirmations were recorded in these weeks. The table below has every number.
status-chart-needed = { $needed } a week are needed to reach none on { $day }.
status-needed-short = { $needed } a week needed
status-today = Today
status-week-number = Week number
status-added = Customers added
status-left = Still to confirm
status-what-waits = What waits
status-order-waits = Order: { $what }
status-urgent = Most urgent
status-urgent-after = Most urgent after these
status-urgent-none = No other blocked customers match these filters.
status-why = Why first
why-order = Order blocked: { $age }
why-renewal = { $offer } expires on { $day }
why-no-licences-since = No licences. Without confirmation: { $age }
why-no-licences = No licences
status-of-all = Of all
status-share = Share blocked
status-other-countries = Others ({ $count })
status-file-licences = Licences of the blocked order

# The queue and selections of customers

st-blocked = Blocked
act-queue = Confirm one after another
act-save-close = Save and close
act-skip-customer = Skip
act-back-to-list = Back to the list
queue-place = Customer { $at }
queue-place-of = { $at } of { $of }
queue-ended = { $confirmed } confirmed, { $skipped } skipped
queue-nobody = No customer in this list is blocked.
prefill-none = Someone else
prefill-check = Check that this person accepted.
prefill-kept = What you typed was kept, because it is about another person. Empty the name and email address to fill in someone else.
channel-selection = through a selection
any-status = Any status
any-country = Any country
act-apply = Apply
act-pick = Select
act-pick-page = Select all on this page
picked = # selected
act-confirm-selected = Confirm with one date
act-select-all = Confirm everybody in this list with one date
act-select-all-count = Confirm all { $count } with one date
act-print-list = Print
col-next-step = Next step
col-why = Why
col-what-to-do = What you can do
col-code = Code
list-printed-part = { $shown } of { $total } customers are on this page. Use Export for all of them.
f-attest = Each person listed below accepted the latest Microsoft customer agreement for their company on this date. I have checked this.
f-date-all = Agreement acceptance date, the same for all
e-attest = Tick the box once you have checked that each person listed below accepted
e-selection-empty = Select at least one customer who is blocked
e-selection-large = At most { $max } customers can be confirmed at once. Narrow the list down with filters
e-selection-older = This version was published on { $published }, after the date you entered. Correct the date, or confirm these customers one after another
selection-title = { $count ->
    [one] Confirm 1 customer with one date
   *[other] Confirm { $number } customers with one date
}
selection-lead = { $all } selected.
selection-lead-left-out = { $count ->
    [one] { $all } selected. 1 customer is not included.
   *[other] { $all } selected. { $count } customers are not included.
}
selection-nobody = Nobody in this selection can be confirmed with one date.
selection-happens = What happens
selection-happens-text = One confirmation and one record for each customer.
selection-included = { $count ->
    [one] To be confirmed: 1 customer
   *[other] To be confirmed: { $number } customers
}
selection-left-out = { $count ->
    [one] Not included: 1 customer
   *[other] Not included: { $number } customers
}
selection-left-out-more = And { $count } more.
act-confirm-count = { $count ->
    [one] Confirm 1 customer
   *[other] Confirm { $number } customers
}
act-confirm-alone = Confirm on its own
act-edit-contact = Edit the contact
act-not-confirmed-csv = Download these as CSV
selection-done = { $count ->
    [one] 1 of { $all } customers confirmed
   *[other] { $number } of { $all } customers confirmed
}
selection-not-done = { $count ->
    [one] Not confirmed: 1 customer
   *[other] Not confirmed: { $number } customers
}
selection-not-confirmed = Customers not confirmed
selection-no-contact = The primary contact has no first name, last name or email address.
selection-contact-changed = The primary contact was changed after you selected this customer.
selection-already-recorded = Acceptance is already confirmed.
selection-date-refused = The date cannot be the date of this acceptance.
selection-version-changed = Another agreement version became the latest.
selection-not-found = This customer does not exist in this account.
e-workbook-large = This workbook is larger than { $max } MB. Split it
e-workbook-markup = This file is a web page under the name of a workbook. Open it in Excel and save it as .xlsx or CSV
e-workbook-old = This is a workbook of Excel 97–2003 (.xls). Save it as .xlsx or CSV
e-workbook-encrypted = This workbook is protected by a password. Save it without one
e-workbook-binary = This is a binary workbook (.xlsb). Save it as .xlsx or CSV
e-workbook-other = This is no Excel workbook (.xlsx). Save the list as .xlsx or CSV
e-workbook-damaged = This workbook is damaged ({ $part }). Open it in Excel and save it again
e-workbook-entities = This workbook holds a document type or entities, which no workbook needs. Open it in Excel and save it again
e-workbook-bomb = This workbook unpacks to many times its size and was not read
e-workbook-rows = This sheet has more than { $max } rows. Split it
e-workbook-columns = This sheet has cells beyond column { $max }. Delete them
e-workbook-text = This workbook holds too many cells or too much text. Split it
e-workbook-parts = This workbook has too many parts. Copy the list into a new workbook
e-workbook-no-sheet = This workbook has no visible sheet of cells
e-workbook-no-such-sheet = This workbook has no sheet of that name. It has: { $names }
e-workbook-formula = The formula in cell { $cell } was never calculated. Open the workbook in Excel and save it again
