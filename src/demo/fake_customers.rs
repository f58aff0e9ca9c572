//! The demo's customers: fictitious names, places and people, the same at every start.

use uuid::Uuid;

use crate::domain::{
    country::Country,
    customer::{Company, Contact, TypedCompany, TypedContact},
    fold::fold,
    identifiers::DomainName,
    person::{Email, Name, Person, Phone},
};

/// What happens to a made-up customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoHistory {
    /// Confirmed for the version that is in force.
    Confirmed,
    /// Confirmed for both versions.
    Twice,
    /// Never confirmed.
    Not,
    /// Confirmed for the first version only.
    Again,
    /// Accepted with Microsoft itself.
    Direct,
}

/// A customer of the demo.
pub struct FakeCustomer {
    /// The Microsoft ID.
    pub id: Uuid,
    /// The primary domain name.
    pub domain: DomainName,
    /// The company's details.
    pub company: Company,
    /// The primary contact.
    pub contact: Contact,
    /// Whoever accepts the agreement for it.
    pub acceptor: Person,
    /// What happens to it.
    pub history: DemoHistory,
    /// Whether more is known than a file says.
    pub is_complete: bool,
}

/// Country, language, cities with a postal code, legal forms.
type Place = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);

const PLACES: [Place; 6] = [
    (
        "NL",
        "nl-NL",
        &[("1017 GC", "Amsterdam"), ("3511 LN", "Utrecht"), ("2611 KA", "Delft"), ("9712 CP", "Groningen")],
        &["B.V.", "v.o.f.", "N.V."],
    ),
    ("BE", "nl-NL", &[("2000", "Antwerpen"), ("9000", "Gent"), ("3000", "Leuven")], &["BV", "NV", "CV"]),
    ("DE", "de-DE", &[("20095", "Hamburg"), ("50667", "Köln"), ("80331", "München")], &["GmbH", "AG", "KG"]),
    ("FR", "fr-FR", &[("69001", "Lyon"), ("44000", "Nantes"), ("31000", "Toulouse")], &["SARL", "SAS", "SA"]),
    ("GB", "en-US", &[("LS1 4DY", "Leeds"), ("BS1 5TR", "Bristol"), ("YO1 7HH", "York")], &["Ltd", "LLP", "plc"]),
    (
        "NL",
        "nl-NL",
        &[("6211 CA", "Maastricht"), ("8011 LZ", "Zwolle"), ("5038 XT", "Tilburg")],
        &["B.V.", "Coöperatie U.A.", "B.V."],
    ),
];

const FIRST_WORDS: [&str; 40] = [
    "Bakkerij",
    "Brouwerij",
    "Drukkerij",
    "Houthandel",
    "Rederij",
    "Kwekerij",
    "Tuinderij",
    "Atelier",
    "Café",
    "Müller",
    "Söhne",
    "Fabrikam",
    "Contoso",
    "Litware",
    "Northwind",
    "Woodgrove",
    "Adatum",
    "Tailspin",
    "Wingtip",
    "Proseware",
    "Lucerne",
    "Margie",
    "Relecloud",
    "Trey",
    "Humongous",
    "Alpine",
    "Bellows",
    "Coho",
    "Fourth",
    "Graphic",
    "Munson",
    "Southridge",
    "Wide",
    "Consolidated",
    "Datum",
    "Élan",
    "Île",
    "Østerby",
    "Łódź",
    "Ågren",
];

const SECOND_WORDS: [&str; 40] = [
    "De Gouden Korst",
    "Het Anker",
    "De Linde",
    "’t Stoepje",
    "Zonnehoek",
    "Van den Heuvel",
    "Noord",
    "Lichtstad",
    "Rivierzicht",
    "De Vier Winden",
    "Logistics",
    "Foods",
    "Residences",
    "Traders",
    "Bank",
    "Toys",
    "Works",
    "Health",
    "Airlines",
    "Vineyard",
    "Travel",
    "Research",
    "Insurance",
    "Sports",
    "Coffee",
    "Design",
    "Farms",
    "Video",
    "Importers",
    "Messenger",
    "Feinbäckerei",
    "Maschinenbau",
    "Papeterie",
    "Éditions",
    "Brewing",
    "Joinery",
    "Pottery",
    "Shipping",
    "Optics",
    "Textiles",
];

const FIRST_NAMES: [&str; 24] = [
    "Anna",
    "Pieter",
    "Fatima",
    "Jürgen",
    "Siobhán",
    "Tomás",
    "Marie-Louise",
    "Karl",
    "Noor",
    "Daan",
    "Élodie",
    "Zoë",
    "Bram",
    "Ilse",
    "Yusuf",
    "Ingrid",
    "Oisín",
    "Renée",
    "Sem",
    "Lotte",
    "Björn",
    "Chloé",
    "Mehmet",
    "Hendrik",
];

const LAST_NAMES: [&str; 24] = [
    "de Vries",
    "Smit",
    "El Amrani",
    "Weiß",
    "O’Neill",
    "Byrne",
    "van den Heuvel-Oosterhuis",
    "Müller",
    "van der Berg",
    "’t Hart",
    "Lefèvre",
    "Jansen",
    "Kowalska",
    "Dubois",
    "Yılmaz",
    "Lindqvist",
    "Murphy",
    "Visser",
    "Meijer",
    "Schäfer",
    "D’Angelo",
    "Peeters",
    "Öztürk",
    "de Boer",
];

impl FakeCustomer {
    /// The next customer that the dice make up, the `number`th from 0.
    pub fn new(number: usize, rng: &mut SeededRng) -> Self {
        let (country, culture, cities, forms) = *rng.pick(&PLACES);
        let (first, second) = (*rng.pick(&FIRST_WORDS), *rng.pick(&SECOND_WORDS));
        // The first of a name has it alone; later ones are numbered apart.
        let apart = if number < 150 { String::new() } else { format!(" {}", number - 149) };
        let name = format!("{first} {second}{apart} {}", rng.pick(forms));
        let letters: String = fold(&format!("{first}{second}")).chars().filter(char::is_ascii_alphanumeric).collect();
        let prefix: String = letters.chars().take(20).chain(number.to_string().chars()).collect();
        let (postal_code, city) = *rng.pick(cities);
        let contact = person(country, &prefix, rng);
        let acceptor = if rng.below(3) == 0 { person(country, &prefix, rng) } else { contact.clone() };
        let street = format!(
            "{} {}",
            rng.pick(&["Kerkstraat", "Botermarkt", "Station Road", "Hauptstraße", "Rue des Lilas"]),
            1 + rng.below(180)
        );
        let history = match rng.below(100) {
            0..42 => DemoHistory::Confirmed,
            42..52 => DemoHistory::Twice,
            52..76 => DemoHistory::Not,
            76..90 => DemoHistory::Again,
            _ => DemoHistory::Direct,
        };
        let typed = TypedCompany {
            name: &name,
            country,
            address_line1: &street,
            postal_code,
            city,
            culture,
            ..TypedCompany::default()
        };
        let phone = contact.phone.as_ref().map(ToString::to_string).unwrap_or_default();
        let typed_contact = TypedContact {
            first_name: contact.first_name.as_str(),
            last_name: contact.last_name.as_str(),
            email: contact.email.as_str(),
            phone_number: &phone,
        };
        Self {
            id: Uuid::from_u128(
                (u128::from(rng.next()) << 64 | u128::from(rng.next())) & !(0xf << 76 | 0xc << 60)
                    | (0x4 << 76 | 0x8 << 60),
            ),
            domain: DomainName::parse(&format!("{prefix}.onmicrosoft.com")).expect("a domain"),
            company: Company::parse(typed).expect("a company"),
            contact: Contact::parse(typed_contact, Country::parse(country)).expect("a contact"),
            acceptor,
            history,
            is_complete: rng.below(8) != 0,
        }
    }
}

fn person(country: &str, domain: &str, rng: &mut SeededRng) -> Person {
    let (first, last) = (*rng.pick(&FIRST_NAMES), *rng.pick(&LAST_NAMES));
    let local: String =
        fold(&format!("{first}.{last}")).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    let email = format!("{local}@{domain}.example");
    let phone = (rng.below(3) > 0).then(|| format!("020 555 01 {:02}", rng.below(100)));
    Person {
        first_name: Name::from_stored(first.to_owned()),
        last_name: Name::from_stored(last.to_owned()),
        email: Email::from_stored(email.clone(), email),
        phone: phone.and_then(|phone| Phone::parse(&phone, Country::parse(country)).expect("a phone number")),
    }
}

/// The same throws at every start (the splitmix64 sequence), so that a demo looks the same each time.
pub struct SeededRng(pub u64);

impl SeededRng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let number = self.below(u64::try_from(from.len()).expect("a length fits"));
        &from[usize::try_from(number).expect("below the length")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_made_up_customer_can_be_entered() {
        let mut rng = SeededRng(1);
        for number in 0..2_000 {
            FakeCustomer::new(number, &mut rng);
        }
    }
}
