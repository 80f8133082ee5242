# Builds build/Release/simd_arena.node: one static library for each layer of native/, and the addon that links them.
#
# Layers see only native/. The Node headers are taken away from every static library, so that including one of them
# outside native/bindings is a compile error (tools/check-layers.mjs covers headers that the system installs globally).
# Each instruction set is a library of its own, because its flags must reach no other file.
{
  'target_defaults': {
    'include_dirs': ['native'],
    # Results must not depend on the compiler: no fused multiply-add where the source has none.
    'cflags_cc!': ['-std=gnu++17', '-std=gnu++20'],
    'cflags_cc': ['-std=c++17', '-ffp-contract=off', '-fvisibility=hidden'],
    'xcode_settings': {
      'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
      'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
      'OTHER_CPLUSPLUSFLAGS': ['-ffp-contract=off'],
    },
    'target_conditions': [
      ['_type=="static_library"', {
        'include_dirs!': [
          '<(node_root_dir)/include/node',
          '<(node_root_dir)/src',
          '<(node_root_dir)/deps/openssl/config',
          '<(node_root_dir)/deps/openssl/openssl/include',
          '<(node_root_dir)/deps/uv/include',
          '<(node_root_dir)/deps/zlib',
          '<(node_root_dir)/deps/v8/include',
        ],
      }],
    ],
  },
  'targets': [
    {
      'target_name': 'base',
      'type': 'static_library',
      'sources': [
        'native/base/cpu_features.cc',
        'native/base/os_memory_posix.cc',
      ],
    },
    {
      'target_name': 'memory',
      'type': 'static_library',
      'dependencies': ['base'],
      'sources': [
        'native/memory/arena_registry.cc',
        'native/memory/buffer_pool.cc',
        'native/memory/bump_arena.cc',
        'native/memory/chunk.cc',
        'native/memory/chunk_cache.cc',
        'native/memory/foreign_slabs.cc',
        'native/memory/memory_budget.cc',
      ],
    },
    {
      'target_name': 'kernels',
      'type': 'static_library',
      'dependencies': ['base'],
      'sources': [
        'native/kernels/dispatch.cc',
        'native/kernels/isa_scalar.cc',
      ],
      'conditions': [
        ['target_arch=="x64"', {
          'dependencies': ['kernels_sse42', 'kernels_avx2', 'kernels_avx512'],
        }],
        ['target_arch=="arm64"', {
          'dependencies': ['kernels_neon'],
        }],
      ],
    },
    {
      'target_name': 'ops',
      'type': 'static_library',
      'dependencies': ['kernels'],
      'sources': [
        'native/ops/reduce.cc',
        'native/ops/reducer.cc',
        'native/ops/sum_accumulator.cc',
      ],
    },
    {
      'target_name': 'simd_arena',
      'dependencies': ['memory', 'ops'],
      'include_dirs': ['<!(node -p "require(\'node-addon-api\').include_dir")'],
      'defines': [
        'NAPI_VERSION=8',
        # std::bad_alloc and the like become JavaScript errors.
        'NODE_ADDON_API_CPP_EXCEPTIONS_ALL',
        # A worker that is terminated amid a call must not end the process.
        'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      ],
      'cflags_cc!': ['-fno-exceptions'],
      'cflags_cc': ['-fexceptions'],
      'xcode_settings': {
        'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
      },
      'sources': [
        'native/bindings/addon.cc',
        'native/bindings/addon_data.cc',
        'native/bindings/arena_wrap.cc',
        'native/bindings/chunk_buffer.cc',
        'native/bindings/heap_buffer.cc',
        'native/bindings/pool_wrap.cc',
        'native/bindings/reduce_binding.cc',
        'native/bindings/reduction_wrap.cc',
        'native/bindings/result_value.cc',
        'native/bindings/stats_binding.cc',
        'native/bindings/strided_elements.cc',
        'native/bindings/sum_accumulator_wrap.cc',
        'native/bindings/throw_status.cc',
        'native/bindings/view_bytes.cc',
      ],
      'conditions': [
        ['OS=="linux"', {
          # Views and finalizers outlive the last environment that loaded the addon: never unload its code.
          'ldflags': ['-Wl,-z,nodelete'],
        }],
      ],
    },
  ],
  'conditions': [
    ['target_arch=="x64"', {
      'targets': [
        {
          'target_name': 'kernels_sse42',
          'type': 'static_library',
          'sources': ['native/kernels/isa_sse42.cc'],
          'cflags_cc': ['-msse4.2'],
          'xcode_settings': {
            'OTHER_CPLUSPLUSFLAGS': ['-msse4.2'],
          },
        },
        {
          'target_name': 'kernels_avx2',
          'type': 'static_library',
          'sources': ['native/kernels/isa_avx2.cc'],
          'cflags_cc': ['-mavx2', '-mfma', '-mf16c'],
          'xcode_settings': {
            'OTHER_CPLUSPLUSFLAGS': ['-mavx2', '-mfma', '-mf16c'],
          },
        },
        {
          'target_name': 'kernels_avx512',
          'type': 'static_library',
          'sources': ['native/kernels/isa_avx512.cc'],
          'cflags_cc': [
            '-mavx512f', '-mavx512vl', '-mavx512bw', '-mavx512dq', '-mf16c',
            # GCC 12's own AVX-512 headers read a deliberately undefined register.
            '-Wno-uninitialized', '-Wno-maybe-uninitialized',
          ],
          'xcode_settings': {
            'OTHER_CPLUSPLUSFLAGS': ['-mavx512f', '-mavx512vl', '-mavx512bw', '-mavx512dq', '-mf16c'],
          },
        },
      ],
    }],
    ['target_arch=="arm64"', {
      'targets': [
        {
          'target_name': 'kernels_neon',
          'type': 'static_library',
          'sources': ['native/kernels/isa_neon.cc'],
        },
      ],
    }],
  ],
}
