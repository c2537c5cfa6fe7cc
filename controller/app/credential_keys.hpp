// The keys that seal credentials: where a command gets them from, whether they fit the database, and sealing
// everything anew with the first of them.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

#include "controller/app/data_folder.hpp"
#include "controller/secrets/fernet.hpp"
#include "controller/store/audit_event.hpp"

namespace runbook::store {
class CredentialStore;
class SealedValueStore;
}  // namespace runbook::store

namespace runbook::app {

// RUNBOOK_FERNET_KEYS, which is then no longer in the environment. Throws SettingsError when it is missing or
// wrong.
secrets::FernetKeys required_credential_keys();

// The same where it is set, else private/fernet.key of `dev`, made at the first start.
secrets::FernetKeys keep_credential_keys(const DataFolder& folder);

// The same where it is set, else that of a `dev` that was started before on `data_folder`.
secrets::FernetKeys credential_keys_of(const std::filesystem::path& data_folder);

// Throws SettingsError when a credential does not open: secrets that can be used no more are to be noticed at
// the start, not at 03:00.
boost::asio::awaitable<void> check_credential_keys(store::CredentialStore& credentials,
                                                   const secrets::FernetKeys& keys);

// The same for what executions that go on keep sealed.
boost::asio::awaitable<void> check_sealed_values(store::SealedValueStore& values,
                                                 const secrets::FernetKeys& keys);

struct Resealed {
  std::size_t sealed = 0;    // that were not yet sealed with the first key
  std::size_t unopened = 0;  // that no key opens: they stay as they are
  bool operator==(const Resealed&) const = default;
};

// Seals every credential with the first key. May run beside a controller, again and after it was cut off.
boost::asio::awaitable<Resealed> rotate_credential_keys(store::CredentialStore& credentials,
                                                        const secrets::FernetKeys& keys, store::Origin by);

// The same for what executions keep sealed.
boost::asio::awaitable<Resealed> reseal_values(store::SealedValueStore& values,
                                               const secrets::FernetKeys& keys);

// What rotate-keys says in the end, and whether all of it opened.
std::string told(const Resealed& credentials, const Resealed& values);

}  // namespace runbook::app
