// mocha's options on Deno: all tests but those that are about what differs there.
'use strict';

module.exports = {
  ...require('./portable.json'),
  ignore: [
    // Methods of the addon, which only the package can reach, do not check here of which class the object is that they are
    // called on: Node.js does, before the addon is asked.
    'build/test/hostile/@(native-catalogue|handed-out).test.js',
    // What crypto and zlib do with buffers that are detached under them is theirs: JavaScript errors that Node.js has not.
    'build/test/security/unheld-consumers.test.js',
    // Deno says that a worker has ended before it has: its memory comes back a moment later.
    'build/test/integration/workers.test.js',
  ],
};
