//! How templates are written: short lines, indented by what they stand in, every tag and block closed.

use std::{fs, path::Path};

use countersign::domain::order::{Category, Segment};

const LINE_MAX: usize = 160;

/// Elements that have no end tag.
const VOID: [&str; 6] = ["br", "input", "link", "meta", "wbr", "!DOCTYPE"];

/// Statements that stand alone, without an `end…`.
const SINGLE: [&str; 4] = ["extends", "import", "include", "let"];

/// What is wrong with the layout of a template, each with the number of its line.
fn faults(template: &str) -> Vec<String> {
    let mut layout = Layout { rest: template, line: 1, ..Layout::default() };
    while !layout.rest.is_empty() {
        layout.step();
    }
    let mut faults = layout.faults;
    faults.extend(layout.open.iter().map(|open| format!("{}: <{}> is not closed", layout.line, open.name())));
    let long = template.lines().enumerate().filter(|(_, line)| line.chars().count() > LINE_MAX);
    faults.extend(long.map(|(number, _)| format!("{}: longer than {LINE_MAX} characters", number + 1)));
    faults
}

/// Something that lines stand in, one level deeper than where it begins.
#[derive(Debug, PartialEq, Eq)]
enum Open {
    /// An element, up to its end tag.
    Element(String),
    /// A tag, up to its `>`.
    Tag(String),
    /// A statement, up to its `end…`.
    Block(String),
    /// A `when` or `else` of a `match`, up to the next one.
    Arm,
}

impl Open {
    fn name(&self) -> &str {
        match self {
            Self::Element(name) | Self::Tag(name) | Self::Block(name) => name,
            Self::Arm => "when",
        }
    }
}

/// A template on the way through its text.
#[derive(Default)]
struct Layout<'a> {
    rest: &'a str,
    line: usize,
    /// How far this line is indented; none once something stands on it.
    indent: Option<usize>,
    open: Vec<Open>,
    /// Whether this is inside an attribute's quotes.
    quoted: bool,
    /// Whether the last character was the slash of a tag that ends itself.
    slash: bool,
    faults: Vec<String>,
}

impl<'a> Layout<'a> {
    fn step(&mut self) {
        let in_tag =
            matches!(self.open.iter().rfind(|open| !matches!(open, Open::Block(_) | Open::Arm)), Some(Open::Tag(_)));
        let rest = self.rest;
        if let Some(after) = rest.strip_prefix('\n') {
            self.line += 1;
            self.indent = Some(0);
            self.rest = after;
        } else if let Some(after) = rest.strip_prefix(' ') {
            self.indent = self.indent.map(|indent| indent + 1);
            self.rest = after;
        } else if rest.starts_with("{%") {
            let statement = self.take("%}");
            self.statement(statement.trim_matches(['{', '%', '}', '-', ' ']));
        } else if rest.starts_with("{{") {
            self.indented(0);
            self.take("}}");
        } else if rest.starts_with("{#") {
            self.indented(0);
            self.take("#}");
        } else if in_tag && rest.starts_with('>') && !self.quoted {
            self.end_of_tag();
        } else if !in_tag && rest.starts_with("</") {
            let tag = self.take(">");
            self.indented(1);
            self.close(&Open::Element(tag.trim_matches(['<', '/', '>']).to_owned()));
        } else if !in_tag && rest.starts_with('<') {
            self.indented(0);
            let name: String = rest[1..].chars().take_while(|c| !c.is_whitespace() && !"{>/".contains(*c)).collect();
            self.rest = &rest[1 + name.len()..];
            self.slash = false;
            self.open.push(Open::Tag(name));
        } else {
            self.indented(0);
            self.quoted ^= in_tag && rest.starts_with('"');
            self.slash = rest.starts_with('/');
            self.rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
        }
    }

    /// What stands here up to the next `end`, which is passed by.
    fn take(&mut self, end: &str) -> &'a str {
        let length = self.rest.find(end).map_or(self.rest.len(), |at| at + end.len());
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.line += taken.matches('\n').count();
        taken
    }

    /// Checks what is the first thing on its line: it closes that many of what is open.
    fn indented(&mut self, closes: usize) {
        let wanted = 2 * self.open.len().saturating_sub(closes);
        if let Some(indent) = self.indent.take()
            && indent != wanted
        {
            self.faults.push(format!("{}: indented by {indent}, not {wanted}", self.line));
        }
    }

    fn close(&mut self, wanted: &Open) {
        let top = self.open.last();
        if top == Some(wanted) {
            self.open.pop();
        } else {
            let open = top.map_or("nothing", Open::name);
            self.faults.push(format!("{}: {} is closed in {open}", self.line, wanted.name()));
        }
    }

    fn end_of_tag(&mut self) {
        let Some(Open::Tag(name)) = self.open.last() else {
            self.faults.push(format!("{}: a tag ends inside a statement", self.line));
            self.rest = &self.rest[1..];
            return;
        };
        let name = name.clone();
        self.indented(1);
        self.rest = &self.rest[1..];
        self.open.pop();
        if !VOID.contains(&name.as_str()) && !std::mem::take(&mut self.slash) {
            self.open.push(Open::Element(name));
        }
    }

    fn statement(&mut self, statement: &str) {
        let word = statement.split_whitespace().next().unwrap_or_default().to_owned();
        let in_arm = self.open.last() == Some(&Open::Arm);
        if SINGLE.contains(&word.as_str()) {
            self.indented(0);
        } else if word == "when" || word == "else" && in_arm {
            self.indented(usize::from(in_arm));
            if in_arm {
                self.open.pop();
            }
            self.open.push(Open::Arm);
        } else if word == "else" {
            self.indented(1);
        } else if let Some(block) = word.strip_prefix("end") {
            self.indented(1 + usize::from(in_arm));
            if in_arm {
                self.open.pop();
            }
            self.close(&Open::Block(block.to_owned()));
        } else {
            self.indented(0);
            self.open.push(Open::Block(word));
        }
    }
}

fn templates(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(templates(&path));
        } else {
            found.push((path.display().to_string(), fs::read_to_string(&path).expect("a template")));
        }
    }
    found
}

#[test]
fn templates_are_laid_out_to_be_read() {
    let all = templates(Path::new("templates"));
    assert!(all.len() > 30, "{}", all.len());
    let faults: Vec<_> = all
        .iter()
        .flat_map(|(path, text)| faults(text).into_iter().map(move |fault| format!("{path}:{fault}")))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pages_are_built_from_the_same_lines_without_their_indentation() {
    let lines = |folder: &str| {
        let mut all = templates(Path::new(folder));
        for (path, _) in &mut all {
            *path = path.replacen(folder, "", 1);
        }
        all.sort();
        all
    };
    let written = lines("templates").into_iter().map(|(path, text)| {
        let kept: Vec<_> = text.split('\n').map(str::trim_start).collect();
        (path, kept.join("\n"))
    });
    assert!(written.eq(lines("target/templates")), "what askama reads is not what build.rs makes of templates/");
}

#[test]
fn the_check_of_the_layout_finds_every_kind_of_fault() {
    let sound = "{% extends \"base.html\" %}\n{% block content %}\n  <p class=\"a{% if b %} c{% endif %}\"\n    id=\"d\">\n    \
                 {% match e %}\n      {% when F::G with (h) %}\n        {{ h }}<br>\n      {% else %}\n        <i>j > k</i>\n    \
                 {% endmatch %}\n  </p>\n{% endblock %}\n";
    assert_eq!(faults(sound), Vec::<String>::new());
    for (broken, fault) in [
        (sound.replace("<br>", &"long ".repeat(40)), "7: longer than 160 characters"),
        (sound.replace("    id=", "      id="), "4: indented by 6, not 4"),
        (sound.replace("        <i>", "      <i>"), "9: indented by 6, not 8"),
        (sound.replace("\n  </p>", "\n   </p>"), "11: indented by 3, not 2"),
        (sound.replace("</i>", "</b>"), "9: b is closed in i"),
        (sound.replace("{% endif %}", ""), "4: a tag ends inside a statement"),
        (sound.replace("{% endmatch %}", "{% endif %}"), "10: if is closed in match"),
        (sound.replace("\n  </p>", ""), "11: block is closed in p"),
        (sound.replace("{% endblock %}", ""), "13: <block> is not closed"),
    ] {
        let found = faults(&broken);
        assert!(found.iter().any(|found| found == fault), "{fault}: {found:?}");
    }
}

#[test]
fn the_style_sheet_filters_offers_by_number_and_names_none() {
    let css = fs::read_to_string("static/app.css").expect("the style sheet");
    for (choice, codes) in [("category", Category::CODES), ("segment", Segment::CODES)] {
        for (number, code) in codes.iter().enumerate() {
            let shown = format!("[name={choice}][data-number=\"{number}\"]");
            assert!(css.contains(&shown), "app.css has no rule for {choice} {number}, {code}");
            assert!(!css.contains(&format!("={code}]")), "app.css names {code}");
        }
    }
}

#[test]
fn every_form_that_writes_says_for_which_account_it_was_opened() {
    // Forms about no account, a form that brings its hidden fields along, and one that only reads.
    const OTHERS: [&str; 6] =
        ["base.html", "check.html", "components/languages.html", "error.html", "setup.html", "sign_in.html"];
    let mut seen = 0;
    for (path, text) in templates(Path::new("templates")) {
        if OTHERS.iter().any(|other| path == format!("templates/{other}")) {
            continue;
        }
        let forms = text.matches("method=\"post\"").count();
        let origins = text.matches("{% include \"components/origin.html\" %}").count();
        assert_eq!(origins, forms, "{path}");
        seen += forms;
    }
    assert!(seen >= 15, "{seen} forms");
}
