// Fuzz targets: one function for each parser that reads bytes of a network or a file. Whatever the bytes are,
// it must come back, in bounded time and memory, and what it promises must hold. libFuzzer runs them
// (./dev fuzz), and as ordinary tests they run the inputs of tests/fuzz/corpus.
#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace runbook::fuzz {

struct BrokenPromise : std::logic_error {
  using std::logic_error::logic_error;
};

inline void require(bool holds, const char* promise) {
  if (!holds) throw BrokenPromise(promise);
}

struct Target {
  std::string_view name;
  void (*run)(std::string_view input);
  std::size_t most_bytes = 4096;  // inputs are not made longer
};

// protocol_targets.cpp
void fuzz_frame(std::string_view input);
void fuzz_agent_message(std::string_view input);
void fuzz_controller_message(std::string_view input);
void fuzz_json(std::string_view input);
void fuzz_masker(std::string_view input);
void fuzz_texts(std::string_view input);
// runbook_targets.cpp
void fuzz_runbook_json(std::string_view input);
void fuzz_runbook_yaml(std::string_view input);
void fuzz_shell(std::string_view input);
void fuzz_command_policy(std::string_view input);
void fuzz_substitution(std::string_view input);
void fuzz_expression(std::string_view input);
void fuzz_selector(std::string_view input);
void fuzz_url(std::string_view input);
// http_targets.cpp
void fuzz_http_request(std::string_view input);
void fuzz_http_target(std::string_view input);
void fuzz_live_request(std::string_view input);
void fuzz_cursor(std::string_view input);
void fuzz_network(std::string_view input);
// identity_targets.cpp
void fuzz_signing_request(std::string_view input);
void fuzz_certificate(std::string_view input);
void fuzz_fernet(std::string_view input);
// file_targets.cpp
void fuzz_host_policy(std::string_view input);
void fuzz_agent_state(std::string_view input);
void fuzz_settings(std::string_view input);

inline constexpr std::array kTargets{
    Target{"agent_message", &fuzz_agent_message},
    Target{"agent_state", &fuzz_agent_state},
    Target{"certificate", &fuzz_certificate},
    Target{"command_policy", &fuzz_command_policy},
    Target{"controller_message", &fuzz_controller_message},
    Target{"cursor", &fuzz_cursor, 1024},
    Target{"expression", &fuzz_expression, 1024},
    Target{"fernet", &fuzz_fernet, 1024},
    Target{"frame", &fuzz_frame, 1024},
    Target{"host_policy", &fuzz_host_policy},
    Target{"http_request", &fuzz_http_request, 8192},
    Target{"http_target", &fuzz_http_target, 1024},
    Target{"json", &fuzz_json},
    Target{"live_request", &fuzz_live_request},
    Target{"masker", &fuzz_masker},
    Target{"network", &fuzz_network, 256},
    Target{"runbook_json", &fuzz_runbook_json, 8192},
    Target{"runbook_yaml", &fuzz_runbook_yaml, 8192},
    Target{"selector", &fuzz_selector, 1024},
    Target{"settings", &fuzz_settings},
    Target{"shell", &fuzz_shell},
    Target{"signing_request", &fuzz_signing_request},
    Target{"substitution", &fuzz_substitution},
    Target{"texts", &fuzz_texts, 256},
    Target{"url", &fuzz_url, 1024},
};

}  // namespace runbook::fuzz
