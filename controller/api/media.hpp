// Media types of bodies that come and go: JSON everywhere, YAML where a runbook is meant. Pure.
#pragma once

#include <string_view>

#include "controller/http/message.hpp"

namespace runbook::api {

inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kJsonLines = "application/jsonl";
inline constexpr std::string_view kYaml = "application/yaml";  // RFC 9512

// Whether a Content-Type is `type`, with charset utf-8 or none.
bool is_media_type(std::string_view content_type, std::string_view type);

// Whether Accept prefers YAML to JSON (RFC 9110 §12.5.1). Without a preference the answer is JSON.
bool prefers_yaml(const http::Request& request);
bool prefers_json_lines(const http::Request& request);

}  // namespace runbook::api
