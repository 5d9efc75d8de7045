//go:build unix

// The lock of a state file: two processes that write one file would undo each other's changes.

package plesksim

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// lockState reserves the state file for this server until the lock is closed or the process ends, in whatever way. The lock is on a file beside
// the state file, which is replaced at every save.
func lockState(name string) (io.Closer, error) {
	f, err := os.OpenFile(name+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) // a descriptor is an int
	if err == nil {
		return f, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("plesksim: %s is the state of another plesksim that is running", name)
	}
	return nil, fmt.Errorf("plesksim: %s.lock: %w", name, err)
}
