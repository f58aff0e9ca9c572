// The words that users read and that these tests look for: the portal's contract with its users, in both languages.
// Words that hold a name, a date or a zone are patterns.

export const words = {
  en: {
    signIn: 'Sign in',
    signOut: 'Sign out',
    wrongPair: 'Email address or password is not correct',
    customers: 'Customers',
    next: 'Next',
    previous: 'Previous',
    accountInfo: 'Account info',
    company: 'Company',
    contact: 'Primary contact',
    agreement: 'Microsoft customer agreement',
    update: /^Update\b/,
    edit: /^Edit\b/,
    viewHistory: 'View history',
    history: 'History',
    save: 'Save and continue',
    cancel: 'Cancel',
    firstName: 'First name',
    lastName: 'Last name',
    email: 'Email address',
    phone: 'Phone number (optional)',
    date: 'Agreement acceptance date',
    usePrimaryContact: /^Use the primary contact, /,
    useFormer: /^Use the person recorded before, /,
    confirmed: 'Confirmed',
    notConfirmed: 'Not confirmed',
    confirmAgain: 'Confirm again',
    notApplicable: 'Not applicable',
    sandbox: 'Sandbox – not production',
    acceptedDirectly: /accepted directly with Microsoft/i,
    consequence: /order.*licen[cs]es?/is,
    problem: 'There is a problem',
    errorPrefix: 'Error:',
    firstNameMissing: 'Enter the first name of the person who accepted',
    lastNameMissing: 'Enter the last name of the person who accepted',
    emailMissing: 'Enter the email address of the person who accepted',
    emailForm: 'Enter an email address in the correct format, like name@example.com',
    dateMissing: 'Enter the agreement acceptance date',
    datePart: /^Agreement acceptance date must include a year/,
    dateReal: 'Agreement acceptance date must be a real date',
    dateFuture: 'Agreement acceptance date must be today or in the past',
    same: /Already recorded on .+ by .+\. Change the name, email address or phone number to record a new confirmation/,
    stale: /changed this customer at .+\. Your entries are below; compare and save again/,
    saved: (company) => `Confirmation recorded for ${company}`,
    notApplicableText:
      'Not applicable: agreement confirmation only exists in the Microsoft public cloud. Cloud of this partner account:',
    indirectProvider: /indirect provider/i,
    permission:
      /You can view this page\. Recording a confirmation needs the role Admin agent or Sales agent\. Ask \S+/,
    forbidden: /You do not have access to this page\. It needs the role .+\. Ask \S+/,
    notFound: 'Page not found',
    newCustomer: 'New customer',
    createCustomer: 'Create customer',
    customerCreated: 'Customer created',
    passwordShown: 'It cannot be shown again',
    someoneElse: 'Someone else',
    changeCountry: 'Adapt to the country',
    companyMissing: 'Enter the company name',
    domainMissing: 'Enter a primary domain',
    addressMissing: 'Enter the first line of the address',
    postalCodeMissing: 'Enter the postal code',
    cityMissing: 'Enter the city',
    contactFirstMissing: 'Enter the first name of the primary contact',
    contactLastMissing: 'Enter the last name of the primary contact',
    contactEmailMissing: 'Enter the email address of the primary contact',
    contactPhoneMissing: 'Enter a phone number of the primary contact; this country requires one',
    registrationMissing: 'Enter the registration number; this country requires one',
    domainTaken: /exists already\. Choose another domain$/,
    olderThanVersion: /^This version was published on .+, after the date you entered\. Correct the date, or tick that it is right$/,
    subscriptions: 'Subscriptions',
    review: 'Review',
    skip: 'Skip',
    change: /^Change ?:/,
    nothingToOrder: 'Nothing can be ordered yet',
    linesClosed: 'These subscriptions cannot be ordered, because acceptance is not confirmed',
    draftChanged: 'This draft was changed in another window',
    discardDraft: 'Discard draft',
    draftDiscarded: 'Draft discarded',
    newOrder: 'New order',
    placeOrder: 'Place order',
    promptOrder: 'Complete the confirmation first',
    confirmAgreement: 'Confirm agreement',
    blockLicences: 'You can view this subscription, but the number of licences cannot change until acceptance is confirmed',
  },
  nl: {
    signIn: 'Aanmelden',
    wrongPair: 'E-mailadres of wachtwoord klopt niet',
    customers: 'Klanten',
    next: 'Volgende',
    previous: 'Vorige',
    accountInfo: 'Accountgegevens',
    company: 'Bedrijf',
    contact: 'Primaire contactpersoon',
    agreement: 'Microsoft-klantovereenkomst',
    update: /^Bijwerken\b/,
    edit: /^Bewerken\b/,
    viewHistory: 'Geschiedenis bekijken',
    history: 'Geschiedenis',
    save: 'Opslaan en doorgaan',
    cancel: 'Annuleren',
    firstName: 'Voornaam',
    lastName: 'Achternaam',
    email: 'E-mailadres',
    phone: 'Telefoonnummer (optioneel)',
    date: 'Datum van acceptatie',
    confirmed: 'Bevestigd',
    notConfirmed: 'Niet bevestigd',
    confirmAgain: 'Opnieuw bevestigen',
    notApplicable: 'Niet van toepassing',
    sandbox: 'Sandbox – geen productieomgeving',
    problem: 'Er is een probleem',
    errorPrefix: 'Fout:',
    firstNameMissing: 'Vul de voornaam in van degene die de overeenkomst heeft geaccepteerd',
    lastNameMissing: 'Vul de achternaam in van degene die de overeenkomst heeft geaccepteerd',
    emailMissing: 'Vul het e-mailadres in van degene die de overeenkomst heeft geaccepteerd',
    emailForm: 'Vul een volledig e-mailadres in, zoals naam@voorbeeld.nl',
    dateMissing: 'Vul de datum van acceptatie in',
    dateFuture: 'De datum van acceptatie moet vandaag of eerder zijn',
    consequence: /bestel.*licenties/is,
    saved: (company) => `Bevestiging voor ${company} vastgelegd`,
    forbidden: /U hebt geen toegang tot deze pagina\. Hiervoor is de rol .+ nodig\. Neem contact op met \S+/,
    notFound: 'Pagina niet gevonden',
    newCustomer: 'Nieuwe klant',
    createCustomer: 'Klant aanmaken',
    customerCreated: 'Klant aangemaakt',
    passwordShown: 'Het kan niet opnieuw worden getoond',
    companyMissing: 'Vul de bedrijfsnaam in',
    domainMissing: 'Vul een primair domein in',
    addressMissing: 'Vul de eerste adresregel in',
    postalCodeMissing: 'Vul de postcode in',
    cityMissing: 'Vul de plaats in',
    contactFirstMissing: 'Vul de voornaam van de primaire contactpersoon in',
    contactLastMissing: 'Vul de achternaam van de primaire contactpersoon in',
    contactEmailMissing: 'Vul het e-mailadres van de primaire contactpersoon in',
    subscriptions: 'Abonnementen',
    review: 'Controleren',
    nothingToOrder: 'Er kan nog niets worden besteld',
    newOrder: 'Nieuwe bestelling',
    placeOrder: 'Bestelling plaatsen',
    promptOrder: 'Rond eerst de bevestiging af',
  },
};

/** What the buttons to the demo's other partner accounts say. */
export const accounts = {
  sandbox: /sandbox/i,
  nationalCloud: /21Vianet|Germany|Government/i,
  indirectProvider: /provider/i,
  indirectReseller: /reseller/i,
};

const ZONE = 'Europe/Amsterdam';
const MONTHS = {
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'June?', 'July?', 'Aug', 'Sept?', 'Oct', 'Nov', 'Dec'],
  nl: ['jan', 'feb', '(mrt|maart)', 'apr', 'mei', 'jun', 'jul', 'aug', 'sept?', 'okt', 'nov', 'dec'],
};

/** The day `days` from today where the demo's partner accounts are, as { year, month, day }. */
export function day(days = 0) {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: 'numeric', day: 'numeric' })
    .formatToParts(Date.now() + days * 86_400_000);
  const part = (type) => Number(parts.find((found) => found.type === type).value);
  return { year: part('year'), month: part('month'), day: part('day') };
}

/** A day as an agent would type it. */
export function typed({ year, month, day }) {
  return `${day}-${month}-${year}`;
}

/** A pattern for a day as the portal writes it, with the month as a word, short or in full. */
export function written({ year, month, day }, language = 'en') {
  return new RegExp(`(^|\\D)${day} ${MONTHS[language][month - 1]}[a-z]*\\.? ${year}`);
}
