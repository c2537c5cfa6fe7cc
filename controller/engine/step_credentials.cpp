#include "controller/engine/step_credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace runbook::engine {
namespace {

namespace json = boost::json;

constexpr std::string_view kSpace = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

// RFC 7617 asks for base64 with padding.
std::string base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto left = std::min<std::size_t>(bytes.size() - at, 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = (group << 8U) | (i < left ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) text += i > left ? '=' : kAlphabet[(group >> (18 - 6 * i)) & 63U];
  }
  return text;
}

// RFC 9110 §5.6.2
bool is_token(std::string_view text) {
  constexpr std::string_view kSymbols = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kSymbols.find(c) != std::string_view::npos;
  });
}

struct NameAndValue {
  std::string_view name;
  std::string_view value;
};

NameAndValue parted(std::string_view secret) {
  const auto colon = secret.find(':');
  if (colon == std::string_view::npos) return {};
  return {secret.substr(0, colon), trimmed(secret.substr(colon + 1))};
}

}  // namespace

std::vector<std::string> named_credentials(const domain::Block& block) {
  if (const auto* command = std::get_if<domain::CommandConfig>(&block.config)) return command->credentials;
  if (const auto* request = std::get_if<domain::ApiConfig>(&block.config)) {
    if (!request->credential.empty()) return {request->credential};
  }
  return {};
}

std::vector<Fault> judge_credentials(const domain::Block& block,
                                     const std::vector<store::CredentialName>& known,
                                     const std::string& pointer) {
  std::vector<Fault> faults;
  const auto names = named_credentials(block);
  const bool is_request = std::holds_alternative<domain::ApiConfig>(block.config);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto at = is_request ? pointer + "/credential" : fmt::format("{}/credentials/{}", pointer, i);
    const auto found = std::ranges::find(known, names[i], &store::CredentialName::name);
    if (found == known.end()) {
      faults.push_back({at, "unknown_credential", fmt::format("There is no credential {}.", names[i])});
    } else if (!found->usable) {
      faults.push_back(
          {at, "unknown_credential",
           fmt::format("There is no credential {} for this runbook: it may be used only in those "
                       "with the labels {}.",
                       names[i], found->runbooks)});
    } else if (is_request && found->type != "api") {
      faults.push_back({at, "wrong_credential",
                        fmt::format("Credential {} is of type {}: a request takes one of type api.", names[i],
                                    found->type)});
    }
  }
  return faults;
}

json::array frozen_credentials(const std::vector<store::CredentialName>& used) {
  json::array list;
  for (const auto& credential : used) {
    list.push_back(json::object{{"id", credential.id.str()}, {"name", credential.name}});
  }
  return list;
}

std::vector<store::CredentialName> used_credentials(const json::object& frozen) {
  std::vector<store::CredentialName> used;
  const auto* list = frozen.if_contains("credentials");
  if (list == nullptr || !list->is_array()) return used;
  for (const auto& entry : list->get_array()) {
    store::CredentialName credential;
    credential.id = Uuid::parse(std::string_view(entry.at("id").as_string())).value();
    credential.name = entry.at("name").as_string();
    used.push_back(std::move(credential));
  }
  return used;
}

Result<std::pair<std::string, std::string>> credential_header(std::string_view auth,
                                                              std::string_view secret) {
  const auto text = trimmed(secret);
  if (text.empty() || text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
    return failure(ErrorCode::kInvalid, "is empty or holds a line break or NUL, which no header can hold");
  }
  if (auth == "basic") {
    if (text.find(':') == std::string_view::npos) {
      return failure(ErrorCode::kInvalid, "is not user:password, as auth \"basic\" needs it");
    }
    return std::pair<std::string, std::string>{"Authorization", "Basic " + base64(text)};
  }
  if (auth == "header") {
    const auto [name, value] = parted(text);
    if (!is_token(name) || value.empty()) {
      return failure(ErrorCode::kInvalid, "is not \"Name: value\", as auth \"header\" needs it");
    }
    return std::pair<std::string, std::string>{name, value};
  }
  return std::pair<std::string, std::string>{"Authorization", "Bearer " + std::string(text)};
}

std::vector<std::string> secrets_in(std::string_view auth, std::string_view secret) {
  std::vector<std::string> secrets{std::string(secret)};
  if (auth == "basic" || auth == "header") secrets.emplace_back(parted(trimmed(secret)).value);
  return secrets;
}

}  // namespace runbook::engine
