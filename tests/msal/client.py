"""A program with Microsoft's own sign-in library (MSAL), as it comes: it finds the portal's token endpoint by itself, gets
tokens and confirms an agreement. Run by tests/msal/run, whose variables it reads.

MSAL insists on HTTPS, which a reverse proxy does for the portal. Here that is a shim that passes bytes on.
"""

import datetime
import ipaddress
import os
import socket
import ssl
import sys
import tempfile
import threading
import urllib.parse
import uuid

import msal
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BASE = urllib.parse.urlsplit(os.environ["BASE"])
PUBLIC = os.environ["PUBLIC"]
TENANT = os.environ["TENANT"]
CLIENT_ID = os.environ["CLIENT_ID"]
SECRET = os.environ["CLIENT_SECRET"]
REFRESH_TOKEN = os.environ["REFRESH_TOKEN"]
# What a machine trusts besides would be taken instead of the certificate that a test names, and nothing here is outside.
for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
    os.environ.pop(variable, None)
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost"
SCOPES = ["https://api.partnercenter.microsoft.com/.default"]


def certificate(folder):
    """A certificate for this machine, its own authority, valid for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = os.path.join(folder, "certificate.pem"), os.path.join(folder, "key.pem")
    with open(pem, "wb") as file:
        file.write(made.public_bytes(serialization.Encoding.PEM))
    with open(secret, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return pem, secret


def pump(source, target):
    """Passes on what comes until it ends."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def serve_https(pem, secret):
    """Listens at the public address and passes everything on to the portal."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    listener = socket.create_server(("127.0.0.1", urllib.parse.urlsplit(PUBLIC).port))

    def accept():
        while True:
            plain, _ = listener.accept()
            try:
                outside = context.wrap_socket(plain, server_side=True)
            except OSError:
                plain.close()
                continue
            inside = socket.create_connection((BASE.hostname, BASE.port))
            for ends in ((outside, inside), (inside, outside)):
                threading.Thread(target=pump, args=ends, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


class Program:
    """What a partner writes with MSAL and the REST API."""

    def __init__(self, pem, **authority):
        self.pem = pem
        self.app = msal.ConfidentialClientApplication(CLIENT_ID, client_credential=SECRET, verify=pem, **authority)

    def call(self, token, method, path, **more):
        headers = {"Authorization": f"Bearer {token}", "MS-RequestId": str(uuid.uuid4())}
        return requests.request(method, f"{PUBLIC}/v1/{path}", headers=headers, verify=self.pem, timeout=60, **more)


def token_of(result):
    assert "access_token" in result, result
    return result["access_token"]


def by_itself(pem, **authority):
    program = Program(pem, **authority)
    token = token_of(program.app.acquire_token_for_client(SCOPES))
    again = program.app.acquire_token_for_client(SCOPES)
    assert again["access_token"] == token, "MSAL keeps it until it ends"
    customers = program.call(token, "GET", "customers")
    assert customers.status_code == 200 and customers.json()["items"], customers.text


def as_a_user(pem, **authority):
    """Uses one refresh token again and again, as programs do that keep it in a vault, and confirms."""
    program = Program(pem, **authority)
    for _ in range(3):
        result = program.app.acquire_token_by_refresh_token(REFRESH_TOKEN, SCOPES)
        token = token_of(result)
    template = program.call(token, "GET", "agreements").json()["items"][0]["templateId"]
    for customer in program.call(token, "GET", "customers").json()["items"]:
        path = f"customers/{customer['id']}/agreements"
        if not program.call(token, "GET", path).json()["items"]:
            break
    yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    body = {
        "primaryContact": {"firstName": "Anna", "lastName": "de Vries", "email": f"{uuid.uuid4()}@contoso.example"},
        "dateAgreed": yesterday.isoformat(),
        "templateId": template,
        "type": "MicrosoftCustomerAgreement",
    }
    confirmed = program.call(token, "POST", path, json=body)
    assert confirmed.status_code == 201, confirmed.text
    listed = program.call(token, "GET", path).json()["items"][0]
    assert listed["primaryContact"]["email"] == body["primaryContact"]["email"], listed
    assert listed["dateAgreed"] == confirmed.json()["dateAgreed"], (listed, confirmed.text)
    assert program.call(token, "POST", path, json=body).status_code == 409


def refused(pem):
    program = msal.ConfidentialClientApplication(
        CLIENT_ID, client_credential="wrong", verify=pem, oidc_authority=f"{PUBLIC}/{TENANT}/v2.0"
    )
    result = program.acquire_token_for_client(SCOPES)
    assert result["error"] == "invalid_client", result


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        pem, secret = certificate(folder)
        serve_https(pem, secret)
        oidc = f"{PUBLIC}/{TENANT}/v2.0"
        domain = {"authority": f"{PUBLIC}/noordster.onmicrosoft.com", "instance_discovery": False}
        any_label = {"authority": f"{PUBLIC}/organizations", "instance_discovery": False}
        tests = [
            ("oidc_authority, by itself", lambda: by_itself(pem, oidc_authority=oidc)),
            ("oidc_authority, as a user", lambda: as_a_user(pem, oidc_authority=oidc)),
            ("authority with a domain, by itself", lambda: by_itself(pem, **domain)),
            ("authority with a domain, as a user", lambda: as_a_user(pem, **domain)),
            ("authority organizations, by itself", lambda: by_itself(pem, **any_label)),
            ("a wrong secret", lambda: refused(pem)),
        ]
        for name, test in tests:
            try:
                test()
                print(f"ok      {name}")
            except Exception as error:  # whatever it is, the others are tried too
                failed += 1
                print(f"FAILED  {name}: {type(error).__name__}: {error}")
    # In the form that tests/run adds up.
    print(f"\ntest result: {'FAILED' if failed else 'ok'}. {len(tests) - failed} passed; {failed} failed")
    sys.exit(failed > 0)


main()
