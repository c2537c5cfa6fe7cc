// A secret as it lies in the database: a Fernet token over the id of the record it belongs to and the secret
// itself. A token that was moved to another record does not open there. Pure but for the randomness of the
// IV.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "controller/secrets/fernet.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::secrets {

std::string seal_secret(const FernetKeys& keys, const Uuid& record, std::string_view secret, Time now);

// Nothing when no key opens it, or it was made for another record.
std::optional<std::string> open_secret(const FernetKeys& keys, const Uuid& record, std::string_view sealed);

// The same for a record with several secrets: `name`, which holds no NUL, says which one.
std::string seal_part(const FernetKeys& keys, const Uuid& record, std::string_view name,
                      std::string_view secret, Time now);
std::optional<std::string> open_part(const FernetKeys& keys, const Uuid& record, std::string_view name,
                                     std::string_view sealed);

}  // namespace runbook::secrets
