# The commands of a contributor. `just` lists them; each is one line that also works by hand.

default:
    @just --list

# formatting, lints, unit tests and the tests on SQLite
check:
    tests/run --fast

# the Rust tests whose name contains FILTER, on SQLite
test FILTER:
    cargo test --locked {{FILTER}}

# the portal with fictitious customers, on http://127.0.0.1:8080
web:
    cargo run --locked --release -- demo

# a picture of every page that the browser tests see, in target/snapshots
snapshots:
    cargo build --locked --bin countersign
    mkdir -p target/snapshots
    cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund && SCREENSHOTS="{{justfile_directory()}}/target/snapshots" COUNTERSIGN_BIN="{{justfile_directory()}}/target/debug/countersign" node --test --test-reporter=spec

# speed and memory over 100,000 customers, beside the limits of this machine
bench:
    cargo bench --locked --bench portal

# everything that continuous integration runs
all:
    tests/run
