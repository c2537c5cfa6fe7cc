#include "controller/app/standing_key.hpp"

#include <chrono>
#include <stdexcept>

#include "controller/app/sample_runbooks.hpp"
#include "controller/auth/secret.hpp"

namespace runbook::app {
namespace {

constexpr std::chrono::minutes kLinkLife{10};

Time now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

std::string without_newline(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

boost::asio::awaitable<store::StoredKey> standing_key(const DataFolder& folder, store::ApiKeyStore& keys,
                                                      store::RunbookStore& runbooks, store::Origin by) {
  const auto kept = without_newline(folder.read(kAdminKeyFile).value_or(""));
  if (const auto prefix = auth::api_key_prefix(kept)) {
    auto known = co_await keys.find(*prefix);
    if (known && auth::same_secret(known->digest, auth::sha256(kept))) co_return std::move(*known);
  }
  const auto secret = auth::new_api_key();
  store::NewApiKey key;
  key.name = "admin.key";
  key.prefix = secret.prefix;
  key.digest = secret.digest;
  key.roles = {"admin"};
  key.owner = "admin";
  co_await keys.create(std::move(key), by);
  auto made = co_await keys.find(secret.prefix);
  if (!made) throw std::runtime_error("the new admin key cannot be found");
  co_await load_sample_runbooks(runbooks, made->person, std::move(by));
  folder.write_secret(kAdminKeyFile, secret.text + "\n");
  co_return std::move(*made);
}

boost::asio::awaitable<std::string> sign_in_token(store::SessionStore& sessions, Uuid api_key) {
  const auto secret = auth::new_secret();
  co_await sessions.add_link(api_key, secret.digest, now() + kLinkLife);
  co_return secret.text;
}

}  // namespace runbook::app
