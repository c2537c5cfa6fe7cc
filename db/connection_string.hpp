// How a session is opened: the caller's URL with our settings added. Pure but for libpq's parser.
#pragma once

#include <string>
#include <string_view>

#include "db/database.hpp"

namespace runbook::db {

// libpq keyword string: the URL's own parameters win, time limits and text formats are ours. Throws
// std::invalid_argument with one sentence when libpq cannot read the URL.
std::string connection_string(const DatabaseSettings& settings);

// The first line of a libpq message, without its trailing newline.
std::string one_line(std::string_view message);

}  // namespace runbook::db
