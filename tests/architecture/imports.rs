//! Which file of a layer imports which, and whether that goes in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque, btree_map::Entry};

/// A source file without tests: its path, its module path, its tokens and its number of lines of code.
pub struct Source {
    pub path: String,
    module: Vec<String>,
    tokens: Vec<Token>,
    pub lines: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Token {
    text: String,
    line: usize,
}

impl Source {
    /// Reads a file below `src`; a file of tests is none.
    pub fn of(path: &str, text: &str) -> Option<Self> {
        let below = path.strip_prefix("src/")?.strip_suffix(".rs")?;
        let mut module: Vec<String> = below.split('/').map(str::to_owned).collect();
        if module.last().is_some_and(|name| name == "tests") {
            return None;
        }
        if module.last().is_some_and(|name| name == "mod" || name == "lib") {
            module.pop();
        }
        let tokens = without_tests(&tokens(text));
        let lines: BTreeSet<usize> = tokens.iter().map(|token| token.line).collect();
        Some(Self { path: path.to_owned(), module, tokens, lines: lines.len() })
    }
}

/// The words and signs of Rust code; comments are left out, and each line of a literal is a sign of its own.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    let starts = |at: usize, with: &str| with.chars().enumerate().all(|(n, c)| chars.get(at + n) == Some(&c));
    while let Some(&c) = chars.get(at) {
        let from = at;
        let literal = |found: &mut Vec<Token>, line: &mut usize, to: usize| {
            for (n, &c) in chars[from..to.min(chars.len())].iter().enumerate() {
                if n == 0 || c == '\n' {
                    *line += usize::from(c == '\n');
                    found.push(Token { text: "\"\"".to_owned(), line: *line });
                }
            }
        };
        let raw = chars[at..].iter().skip_while(|c| **c == 'b').skip(1).take_while(|c| **c == '#').count();
        let prefix = chars[at..].iter().take_while(|c| ['b', 'r'].contains(c)).count();
        let before_is_word = at > 0 && is_word(chars[at - 1]);
        if starts(at, "//") {
            at += chars[at..].iter().take_while(|c| **c != '\n').count();
        } else if starts(at, "/*") {
            while !starts(at, "*/") && at < chars.len() {
                line += usize::from(chars[at] == '\n');
                at += 1;
            }
            at += 2;
        } else if !before_is_word && chars[at..at + prefix].contains(&'r') && chars.get(at + prefix + raw) == Some(&'"')
        {
            let end: String = std::iter::once('"').chain(std::iter::repeat_n('#', raw)).collect();
            at += prefix + raw + 1;
            while !starts(at, &end) && at < chars.len() {
                at += 1;
            }
            at += end.len();
            literal(&mut found, &mut line, at);
        } else if c == '"' {
            at += 1;
            while at < chars.len() && chars[at] != '"' {
                at += if chars[at] == '\\' { 2 } else { 1 };
            }
            at += 1;
            literal(&mut found, &mut line, at);
        } else if c == '\'' && (chars.get(at + 1) == Some(&'\\') || chars.get(at + 2) == Some(&'\'')) {
            at += if chars.get(at + 1) == Some(&'\\') { 3 } else { 2 };
            at += chars[at..].iter().take_while(|c| **c != '\'').count() + 1;
            literal(&mut found, &mut line, at);
        } else if is_word(c) {
            at += chars[at..].iter().take_while(|c| is_word(**c)).count();
            found.push(Token { text: chars[from..at].iter().collect(), line });
        } else if starts(at, "::") {
            at += 2;
            found.push(Token { text: "::".to_owned(), line });
        } else {
            at += 1;
            if c == '\n' {
                line += 1;
            } else if !c.is_whitespace() {
                found.push(Token { text: c.to_string(), line });
            }
        }
    }
    found
}

/// Leaves out what is compiled for tests only: every item behind `#[cfg(test)]`.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let marker = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !marker.iter().enumerate().all(|(n, text)| tokens.get(at + n).is_some_and(|token| token.text == *text)) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += marker.len();
        let mut depth = 0_i32;
        while at < tokens.len() {
            let text = tokens[at].text.as_str();
            at += 1;
            match text {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 && (text == "}" || text == ";") {
                break;
            }
        }
    }
    kept
}

/// What each file imports of the others, by their places in the list.
pub fn graph(sources: &[Source]) -> Vec<BTreeSet<usize>> {
    let by_module: BTreeMap<&[String], usize> =
        sources.iter().enumerate().map(|(n, source)| (source.module.as_slice(), n)).collect();
    let named: Vec<Vec<Named>> = sources.iter().map(named).collect();
    named
        .iter()
        .enumerate()
        .map(|(here, paths)| {
            let targets = paths.iter().filter_map(|one| resolve(&one.path, &by_module, &named, 0));
            targets.filter(|target| *target != here).collect()
        })
        .collect()
}

/// The file that defines what a path names: what a module passes on of another one counts as the other's.
fn resolve(
    path: &[String],
    by_module: &BTreeMap<&[String], usize>,
    named: &[Vec<Named>],
    steps: usize,
) -> Option<usize> {
    let (length, file) = (1..=path.len()).rev().find_map(|most| Some((most, *by_module.get(path.get(..most)?)?)))?;
    let passed_on =
        path.get(length).and_then(|name| named[file].iter().find(|one| one.brought_in.as_ref() == Some(name)));
    match passed_on {
        Some(one) if steps < 8 => {
            let path: Vec<String> = one.path.iter().chain(&path[length + 1..]).cloned().collect();
            resolve(&path, by_module, named, steps + 1)
        }
        _ => Some(file),
    }
}

/// A path from the root of the crate that a file names, and the name under which a `use` brings it in.
struct Named {
    path: Vec<String>,
    brought_in: Option<String>,
}

fn named(source: &Source) -> Vec<Named> {
    let text: Vec<&str> = source.tokens.iter().map(|token| token.text.as_str()).collect();
    let children: BTreeSet<&str> =
        text.windows(3).filter(|three| three[0] == "mod" && three[2] == ";").map(|three| three[1]).collect();
    let mut found = Vec::new();
    // Modules with a body of their own, each with the depth of braces that it ends at.
    let mut inside: Vec<(String, usize)> = Vec::new();
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let here = || source.module.iter().cloned().chain(inside.iter().map(|(name, _)| name.clone())).collect();
        match text[at] {
            "use" => {
                at = tree(&text, at + 1, &[], &mut |path, name| {
                    let brought_in = inside.is_empty().then(|| name.to_owned());
                    found.extend(absolute(path, here(), &children).map(|path| Named { path, brought_in }));
                });
                continue;
            }
            "mod" if text.get(at + 2) == Some(&"{") => inside.push((text[at + 1].to_owned(), depth)),
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                inside.retain(|(_, end)| *end < depth);
            }
            // `pub(in crate::x)` says who may see an item, and imports nothing.
            "in" if at > 0 && text[at - 1] == "(" => at += path_length(&text[at + 1..]) * 2 - 1,
            _ if text.get(at + 1) == Some(&"::") && (at == 0 || text[at - 1] != "::") => {
                let path: Vec<&str> = text[at..].iter().step_by(2).copied().take(path_length(&text[at..])).collect();
                found.extend(absolute(&path, here(), &children).map(|path| Named { path, brought_in: None }));
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The number of words of the path that tokens begin with.
fn path_length(text: &[&str]) -> usize {
    1 + text[1..].chunks(2).take_while(|two| two[0] == "::" && two.len() == 2 && is_name(two[1])).count()
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Reads the tree of a `use` from a place on: each path of it with the name that it brings in, and the place behind the
/// tree.
fn tree<'a>(text: &[&'a str], from: usize, before: &[&'a str], found: &mut impl FnMut(&[&'a str], &'a str)) -> usize {
    let (mut at, mut path, mut alias) = (from, before.to_vec(), None);
    loop {
        match text.get(at).copied() {
            Some("{") => {
                at += 1;
                while text.get(at).is_some_and(|text| *text != "}") {
                    at = tree(text, at, &path, found);
                    at += usize::from(text.get(at) == Some(&","));
                }
                return at + 1;
            }
            Some("::" | "*") => at += 1,
            Some("as") => {
                alias = text.get(at + 1).copied();
                at += 2;
            }
            Some(name) if is_name(name) => {
                path.extend((name != "self" || path.is_empty()).then_some(name));
                at += 1;
            }
            _ => {
                found(&path, alias.or(path.last().copied()).unwrap_or_default());
                return at;
            }
        }
    }
}

/// A path as it reads from the root of the crate; one that begins with neither a module's keyword nor a child module
/// names another crate, or something that a `use` brought in.
fn absolute(path: &[&str], mut here: Vec<String>, children: &BTreeSet<&str>) -> Option<Vec<String>> {
    let mut rest = path;
    match path.first().copied()? {
        "crate" => {
            here.clear();
            rest = &path[1..];
        }
        "self" => rest = &path[1..],
        "super" => {
            while rest.first() == Some(&"super") {
                here.pop();
                rest = &rest[1..];
            }
        }
        first if children.contains(first) => {}
        _ => return None,
    }
    here.extend(rest.iter().map(|name| (*name).to_owned()));
    Some(here)
}

/// The shortest circle that a graph has.
pub fn circle(graph: &[BTreeSet<usize>]) -> Option<Vec<usize>> {
    (0..graph.len()).filter_map(|start| circle_through(graph, start)).min_by_key(Vec::len)
}

fn circle_through(graph: &[BTreeSet<usize>], start: usize) -> Option<Vec<usize>> {
    let mut came_from = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(here) = next.pop_front() {
        for &there in &graph[here] {
            if there == start {
                let mut circle = vec![here];
                while *circle.last()? != start {
                    circle.push(*came_from.get(circle.last()?)?);
                }
                circle.reverse();
                return Some(circle);
            }
            if let Entry::Vacant(place) = came_from.entry(there) {
                place.insert(here);
                next.push_back(there);
            }
        }
    }
    None
}

#[test]
fn a_circle_of_imports_is_found_in_every_spelling() {
    let text = "mod child;\nuse super::{a::{self, X}, y as z};\n/* super::no */ // super::no\nfn f() { child::g(); \
                crate::web::b::h(\"crate::web::no\", 'x', b\"\\\"\"); }\nmod k { use super::super::c; }\n\
                pub(in crate::web::no) struct S;\n\
                #[cfg(test)]\nmod tests { use crate::web::no; }\n";
    let of = |path: &str, text: &str| Source::of(path, text).expect("a file without tests");
    let paths: BTreeSet<String> = named(&of("src/web/here.rs", text)).iter().map(|one| one.path.join("::")).collect();
    let all = ["web::a", "web::a::X", "web::b::h", "web::c", "web::here::child::g", "web::y"];
    assert_eq!(paths.iter().map(String::as_str).collect::<Vec<_>>(), all);

    let sources = [
        of("src/web/mod.rs", "pub mod a; mod here; pub use here::child::g;"),
        of("src/web/a.rs", "use crate::web::g;"),
        of("src/web/here.rs", text),
        of("src/web/here/child.rs", "use super::super::a;"),
    ];
    let graph = graph(&sources);
    let circle = circle(&graph).expect("a circle");
    let names: Vec<&str> = circle.iter().map(|file| sources[*file].path.as_str()).collect();
    assert_eq!(names, ["src/web/a.rs", "src/web/here/child.rs"]);
    assert_eq!(circle_through(&graph, 0), None, "what passes names on is not what defines them");
}
