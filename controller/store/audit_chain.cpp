#include "controller/store/audit_chain.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

#include "controller/store/audit_event.hpp"

namespace runbook::store {

namespace {

constexpr std::string_view kRowPurpose = "runbook audit row 1";

// Each part with its length before it, so that no two rows have the same bytes.
void add(std::string& bytes, std::string_view part) { bytes += fmt::format("{}:{},", part.size(), part); }

void add(std::string& bytes, const std::optional<std::string>& part) {
  if (part) return add(bytes, std::string_view(*part));
  bytes += "-,";
}

std::string hmac(const std::string& key, const std::string& text) {
  std::string code(kAuditMacBytes, '\0');
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           reinterpret_cast<unsigned char*>(code.data()), &size) == nullptr) {
    throw std::runtime_error("HMAC-SHA-256 is not available");
  }
  return code;
}

}  // namespace

AuditTrail::AuditTrail(std::string key) : key_(std::move(key)) {
  if (key_.size() != kAuditKeyBytes) throw std::invalid_argument("the audit key has 32 bytes");
}

std::string AuditTrail::mac(std::string_view previous, const AuditRow& row) const {
  std::string bytes;
  add(bytes, kRowPurpose);
  add(bytes, previous);
  add(bytes, std::string_view(std::to_string(row.id)));
  add(bytes, std::string_view(rfc3339(row.at)));
  for (const auto& part : {row.person_id, row.person, row.key_id, row.key_name}) add(bytes, part);
  add(bytes, std::string_view(row.action));
  add(bytes, std::string_view(row.object_type));
  for (const auto& part : {row.object_id, row.object_name}) add(bytes, part);
  add(bytes, std::string_view(row.result));
  for (const auto& part : {row.reason, row.address, row.request_id, row.changes}) add(bytes, part);
  return hmac(key_, bytes);
}

std::string AuditTrail::sign(std::string_view purpose, std::string_view text) const {
  std::string bytes;
  add(bytes, purpose);
  add(bytes, text);
  return hmac(key_, bytes);
}

AuditEvent& AuditEvent::add_change(std::string_view field, boost::json::value before,
                                   boost::json::value after) {
  if (before != after) {
    changes[field] = boost::json::object{{"before", std::move(before)}, {"after", std::move(after)}};
  }
  return *this;
}

}  // namespace runbook::store
