// The admin key that `dev` keeps in DIR/admin.key, and the one-use link that signs its owner in.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <string>

#include "controller/app/data_folder.hpp"
#include "controller/store/api_key_store.hpp"
#include "controller/store/runbook_store.hpp"
#include "controller/store/session_store.hpp"

namespace runbook::app {

inline constexpr const char* kAdminKeyFile = "admin.key";

// The key of the file when the database knows it. Else a new one; the database is then a new one too, so that
// the sample runbooks are loaded with it, before the file is written: what was cut off is done again.
boost::asio::awaitable<store::StoredKey> standing_key(const DataFolder& folder, store::ApiKeyStore& keys,
                                                      store::RunbookStore& runbooks, store::Origin by);

// Token for /ui/login#token=…, good once and for ten minutes.
boost::asio::awaitable<std::string> sign_in_token(store::SessionStore& sessions, Uuid api_key);

}  // namespace runbook::app
