// mocha's options on Bun: all tests but those that are about what differs there.
'use strict';

module.exports = {
  ...require('./portable.json'),
  ignore: [
    // Methods of the addon, which only the package can reach, do not check here of which class the object is that they are
    // called on: Node.js does, before the addon is asked.
    'build/test/hostile/@(native-catalogue|handed-out).test.js',
    // Bun's own process.nextTick fails where the stack is exhausted, for everybody.
    'build/test/integration/exhausted-stack.test.js',
    // What sockets and zlib do with buffers that are detached under them is theirs: JavaScript errors that Node.js has not.
    'build/test/security/unheld-consumers.test.js',
  ],
};
