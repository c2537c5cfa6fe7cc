// Small files that are read and replaced whole.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "protocol/messages/result.hpp"

namespace runbook::agent {

enum class Durable { kYes, kNo };

// Writes a new file and renames it over `path`, so that readers see the old or the new text, even after a
// crash when it is durable. The error is a sentence for a person.
Result<void> replace_file(const std::string& path, std::string_view text, mode_t mode, Durable durable);

// Nothing when there is no such file or it cannot be read.
std::optional<std::string> read_file(const std::string& path);

}  // namespace runbook::agent
