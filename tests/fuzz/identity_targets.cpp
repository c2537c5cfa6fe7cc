// Keys, certificates and tokens.
#include <string>

#include "certs/authority.hpp"
#include "certs/certificate_facts.hpp"
#include "certs/signing_request.hpp"
#include "controller/secrets/sealed_secret.hpp"
#include "protocol/messages/time.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace runbook::fuzz {

namespace {

constexpr std::string_view kBegin = "-----BEGIN ";

// DER as OpenSSL would find it in a PEM text, so that the fuzzer may change the bytes themselves.
std::string pem(std::string_view der, std::string_view label) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text = std::string(kBegin) + std::string(label) + "-----\n";
  for (std::size_t at = 0; at < der.size(); at += 3) {
    unsigned bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (at + i < der.size() ? static_cast<unsigned char>(der[at + i]) : 0U);
    }
    for (unsigned i = 0; i < 4; ++i) {
      const bool beyond = at + i > der.size();
      text.push_back(beyond ? '=' : kDigits[bits >> (18 - 6 * i) & 63]);
    }
    if (at % 48 == 45) text.push_back('\n');
  }
  return text + "\n-----END " + std::string(label) + "-----\n";
}

}  // namespace

void fuzz_signing_request(std::string_view input) {
  const bool is_pem = input.starts_with(kBegin);
  const auto key = certs::proven_key(is_pem ? std::string(input) : pem(input, "CERTIFICATE REQUEST"));
  if (!key) require(!key.error().message.empty(), "a refusal says why");
}

void fuzz_certificate(std::string_view input) {
  const bool is_pem = input.starts_with(kBegin);
  const auto identity =
      is_pem ? certs::agent_identity_of(std::string(input)) : certs::agent_identity(std::string(input));
  if (identity) require(!identity->serial.empty(), "an identity has a serial");
}

void fuzz_fernet(std::string_view input) {
  static const auto kKeys =
      secrets::FernetKeys::parse("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=").value();
  static_cast<void>(secrets::FernetKeys::parse(input));
  const auto plain = kKeys.open(input);
  if (plain) require(plain->size() < input.size(), "a token is longer than what is in it");
  require(plain.has_value() == kKeys.is_current(input), "the only key opens what it made");
  const auto sealed = secrets::seal_secret(kKeys, {}, input, Time{});
  require(secrets::open_secret(kKeys, {}, sealed) == std::string(input), "what was sealed opens");
  Uuid other;
  other.bytes.back() = 1;
  require(!secrets::open_secret(kKeys, other, sealed), "and nowhere else");
}

}  // namespace runbook::fuzz
