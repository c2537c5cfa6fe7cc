// Rows of api_key that two stores read. Used inside controller/store/ only (it shows pqxx).
#pragma once

#include <pqxx/pqxx>

#include "controller/store/api_key_store.hpp"

namespace runbook::store {

// Columns: id, person_id, person's name, key's name, digest, roles.
StoredKey stored_key(const pqxx::row& row);

}  // namespace runbook::store
