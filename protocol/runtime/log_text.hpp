// How one line of the log looks. Pure; kept apart from the sinks so that tests read it.
#pragma once

#include <spdlog/common.h>

#include <string>
#include <string_view>

#include "protocol/messages/time.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::runtime {

// One JSON object (RFC 8259) without a line end. Bytes that are not UTF-8 become U+FFFD.
std::string json_line(Time now, spdlog::level::level_enum level, const LogIds& ids, std::string_view message);

// "2026-11-21T17:57:37.123456Z info  message request=…". Control characters, C1 ones too, are written as
// \xNN, so that what a stranger sent can neither move a terminal's cursor nor forge a line.
std::string text_line(Time now, spdlog::level::level_enum level, const LogIds& ids, std::string_view message);

}  // namespace runbook::runtime
