// A runtime that forbids external ArrayBuffers, as Electron does: linked into the addon of the preset no-external, with
// --wrap.
#include <node_api.h>

#include <cstddef>

extern "C" napi_status __wrap_napi_create_external_arraybuffer(napi_env, void*, std::size_t, napi_finalize, void*,
                                                               napi_value*) {
  return napi_no_external_buffers_allowed;
}
