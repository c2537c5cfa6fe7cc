#include "controller/app/credential_keys.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>

#include "controller/app/environment.hpp"
#include "controller/app/settings.hpp"
#include "controller/secrets/sealed_secret.hpp"
#include "controller/store/credential_store.hpp"
#include "controller/store/sealed_value_store.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::app {
namespace {

namespace asio = boost::asio;

constexpr const char* kVariable = "RUNBOOK_FERNET_KEYS";
constexpr const char* kFile = "private/fernet.key";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kAtOnce = 200;

secrets::FernetKeys parsed(const std::string& place, const std::string& text) {
  auto keys = secrets::FernetKeys::parse(text);
  if (!keys) throw SettingsError(fmt::format("{}: {}", place, keys.error().message));
  return std::move(*keys);
}

SettingsError does_not_open(const Uuid& credential) {
  return SettingsError(fmt::format(
      "Credential {} was sealed with another key: give {} the key it was sealed with as well, after "
      "a comma.",
      credential.str(), kVariable));
}

Time now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

}  // namespace

secrets::FernetKeys required_credential_keys() {
  const auto text = take_secret(kVariable);
  if (text) return parsed(kVariable, *text);
  throw SettingsError(fmt::format(
      "{} is not set: the keys that seal credentials, such as `openssl rand -base64 32 | tr '+/' '-_'` makes "
      "one; the first seals, all open.",
      kVariable));
}

secrets::FernetKeys keep_credential_keys(const DataFolder& folder) {
  if (const auto text = take_secret(kVariable)) return parsed(kVariable, *text);
  if (!folder.read(kFile)) folder.write_secret(kFile, runtime::random_token(kKeyBytes) + "=\n");
  return parsed(folder.in(kFile).string(), folder.read(kFile).value_or(""));
}

secrets::FernetKeys credential_keys_of(const std::filesystem::path& data_folder) {
  const auto file = data_folder / kFile;
  std::ifstream stream{file, std::ios::binary};
  if (!stream) return required_credential_keys();
  if (const auto text = take_secret(kVariable)) return parsed(kVariable, *text);
  return parsed(file.string(), {std::istreambuf_iterator<char>{stream}, {}});
}

asio::awaitable<void> check_credential_keys(store::CredentialStore& credentials,
                                            const secrets::FernetKeys& keys) {
  std::optional<Uuid> after;
  while (true) {
    const auto some = co_await credentials.sealed(after, kAtOnce);
    if (some.empty()) co_return;
    for (const auto& [id, sealed] : some) {
      if (!secrets::open_secret(keys, id, sealed)) throw does_not_open(id);
    }
    after = some.back().id;
  }
}

asio::awaitable<void> check_sealed_values(store::SealedValueStore& values, const secrets::FernetKeys& keys) {
  std::optional<store::SealedValue> after;
  while (true) {
    const auto some = co_await values.page(store::SealedValueStore::Of::kOpen, after, kAtOnce);
    if (some.empty()) co_return;
    for (const auto& value : some) {
      if (keys.open(value.sealed)) continue;
      throw SettingsError(fmt::format(
          "An execution that is under way keeps secrets that were sealed with another key: give {} the key "
          "they were sealed with as well, after a comma.",
          kVariable));
    }
    after = some.back();
  }
}

asio::awaitable<Resealed> rotate_credential_keys(store::CredentialStore& credentials,
                                                 const secrets::FernetKeys& keys, store::Origin by) {
  Resealed resealed;
  std::optional<Uuid> after;
  while (true) {
    const auto some = co_await credentials.sealed(after, kAtOnce);
    if (some.empty()) co_return resealed;
    for (const auto& [id, sealed] : some) {
      if (keys.is_current(sealed)) continue;
      const auto secret = secrets::open_secret(keys, id, sealed);
      if (!secret) {
        ++resealed.unopened;
        continue;
      }
      store::SealedCredential fresh{id, secrets::seal_secret(keys, id, *secret, now())};
      const bool changed = co_await credentials.reseal(std::move(fresh), sealed, by);
      resealed.sealed += changed ? 1 : 0;
    }
    after = some.back().id;
  }
}

// What a token is bound to stands inside of it and stays as it is.
asio::awaitable<Resealed> reseal_values(store::SealedValueStore& values, const secrets::FernetKeys& keys) {
  Resealed resealed;
  std::optional<store::SealedValue> after;
  while (true) {
    const auto some = co_await values.page(store::SealedValueStore::Of::kAll, after, kAtOnce);
    if (some.empty()) co_return resealed;
    for (const auto& value : some) {
      if (keys.is_current(value.sealed)) continue;
      const auto plain = keys.open(value.sealed);
      if (!plain) {
        ++resealed.unopened;
        continue;
      }
      const bool changed = co_await values.reseal(value, keys.seal(*plain, now()));
      resealed.sealed += changed ? 1 : 0;
    }
    after = some.back();
  }
}

std::string told(const Resealed& credentials, const Resealed& values) {
  const auto sealed = fmt::format("{} credential(s) and {} value(s) of executions sealed with the first key",
                                  credentials.sealed, values.sealed);
  if (credentials.unopened + values.unopened == 0) return sealed + "; the others may now be taken away.";
  return fmt::format(
      "{}. {} credential(s) and {} value(s) open with none of the keys and stay as they are: take no key "
      "away, "
      "and give {} the missing one as well.",
      sealed, credentials.unopened, values.unopened, kVariable);
}

}  // namespace runbook::app
