#include "controller/secrets/sealed_secret.hpp"

namespace runbook::secrets {

// An id as text always has 36 characters, so nothing needs to part it from the secret.
std::string seal_secret(const FernetKeys& keys, const Uuid& record, std::string_view secret, Time now) {
  return keys.seal(record.str() + std::string(secret), now);
}

std::optional<std::string> open_secret(const FernetKeys& keys, const Uuid& record, std::string_view sealed) {
  auto plain = keys.open(sealed);
  const auto id = record.str();
  if (!plain || !plain->starts_with(id)) return std::nullopt;
  return plain->substr(id.size());
}

std::string seal_part(const FernetKeys& keys, const Uuid& record, std::string_view name,
                      std::string_view secret, Time now) {
  return seal_secret(keys, record, std::string(name).append(1, '\0').append(secret), now);
}

std::optional<std::string> open_part(const FernetKeys& keys, const Uuid& record, std::string_view name,
                                     std::string_view sealed) {
  auto plain = open_secret(keys, record, sealed);
  const auto head = std::string(name).append(1, '\0');
  if (!plain || !plain->starts_with(head)) return std::nullopt;
  return plain->substr(head.size());
}

}  // namespace runbook::secrets
