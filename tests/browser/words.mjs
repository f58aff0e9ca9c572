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
