// Files of the source tree that the programs carry with them: migrations and sample runbooks, by name.
#pragma once

#include <span>
#include <string_view>

namespace runbook::db {

struct EmbeddedFile {
  std::string_view name;  // without folder and extension
  std::string_view text;
};

std::span<const EmbeddedFile> embedded_migrations();  // db/migrations/*.sql
std::span<const EmbeddedFile> embedded_samples();     // db/samples/*.yaml

}  // namespace runbook::db
