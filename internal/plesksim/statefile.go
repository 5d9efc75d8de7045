// The state file: the state written as a whole and read back, so that it outlives the process.

package plesksim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"time"
)

// stateFormat counts changes of what the state means. Changes of its shape are noticed without it.
const stateFormat = 1

// saveInterval is how long a change may stay unsaved, and how often the file is written at most. A large state, which takes more than a part of
// the interval to write, is written less often: operations wait while it is encoded.
const saveInterval = time.Second

// stateDocument is what the file holds.
type stateDocument struct {
	Product string          `json:"product"` // always stateProduct
	Version string          `json:"version"`
	State   json.RawMessage `json:"state"`
}

const stateProduct = "plesksim state"

// keeper decides when the state is written.
type keeper struct {
	changed chan struct{} // holds one notice
	saving  sync.Mutex    // one writer at a time; guards saved
	saved   uint64        // the change that the file has
	size    int           // of the state when it was last encoded; guarded by Server.mu
	lock    io.Closer     // keeps other processes from the state file, nil without one
}

// unlock lets others use the state file.
func (k *keeper) unlock() {
	if k.lock != nil {
		_ = k.lock.Close()
	}
}

// touch notes that an operation may have changed the state. It is called with the state locked.
func (s *Server) touch() {
	s.changes++
	select {
	case s.keeper.changed <- struct{}{}:
	default:
	}
}

// Save writes the state file if the state changed since it was last written. Without Options.StateFile it does nothing.
func (s *Server) Save() error {
	if s.opts.StateFile == "" {
		return nil
	}
	s.keeper.saving.Lock()
	defer s.keeper.saving.Unlock()
	s.mu.Lock()
	changes := s.changes
	if changes == s.keeper.saved {
		s.mu.Unlock()
		return nil
	}
	data, err := s.encodeState()
	s.mu.Unlock()
	if err == nil {
		err = writeWhole(s.opts.StateFile, data)
	}
	if err != nil {
		return fmt.Errorf("plesksim: the state was not saved: %w", err)
	}
	s.keeper.saved = changes
	return nil
}

// keepSaved saves changes until ctx ends. Stop saves the last ones.
func (s *Server) keepSaved(ctx context.Context) {
	keepUp(ctx, s.keeper.changed, func() {
		if err := s.Save(); err != nil {
			s.report(err)
			s.mu.Lock()
			s.touch() // it is tried again
			s.mu.Unlock()
		}
	})
}

// keepUp saves at the first change at once, and then once per interval while changes come in.
func keepUp(ctx context.Context, changed <-chan struct{}, save func()) {
	pause := time.NewTimer(saveInterval)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		begin := time.Now()
		save()
		pause.Reset(max(saveInterval, 3*time.Since(begin)))
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
	}
}

// loadState reads the state file.
func (s *Server) loadState() (*state, error) {
	data, err := os.ReadFile(s.opts.StateFile)
	if err != nil {
		return nil, err
	}
	st, err := s.decodeState(data)
	if err != nil {
		return nil, fmt.Errorf("plesksim: %s: %w", s.opts.StateFile, err)
	}
	return st, nil
}

func (s *Server) decodeState(data []byte) (*state, error) {
	var document stateDocument
	if err := json.Unmarshal(data, &document); err != nil || document.Product != stateProduct {
		return nil, errors.New("this is not a state file of plesksim, or not a whole one")
	}
	if version := stateVersion(); document.Version != version {
		return nil, fmt.Errorf("the state is of version %s, and this plesksim keeps version %s: use the plesksim that wrote it, or start without the file",
			document.Version, version)
	}
	st := newState(s.opts.Rand)
	d := json.NewDecoder(bytes.NewReader(document.State))
	d.DisallowUnknownFields()
	if err := d.Decode(st); err != nil {
		return nil, err
	}
	if st.Accounts == nil || st.Accounts.Get(adminID) == nil {
		return nil, errors.New("the state has no administrator")
	}
	if st.Machine.OS != s.opts.OS {
		return nil, fmt.Errorf("the state is of a server on %s, not on %s", st.Machine.OS, s.opts.OS)
	}
	return st, nil
}

// stateVersion names the state's format and shape, so that a file of a program whose state has other fields is refused.
var stateVersion = sync.OnceValue(func() string {
	sum := sha256.New()
	describeShape(sum, reflect.TypeFor[state](), map[reflect.Type]bool{})
	return fmt.Sprintf("%d-%s", stateFormat, hex.EncodeToString(sum.Sum(nil)[:4]))
})

// describeShape writes down the shape of what encoding/json makes of a type.
func describeShape(w hash.Hash, t reflect.Type, seen map[reflect.Type]bool) {
	if rows, isTable := rowsOf(t); isTable {
		_, _ = fmt.Fprint(w, "table ") // a hash takes everything
		t = rows
	}
	_, _ = fmt.Fprint(w, t.Kind(), " ") // a hash takes everything
	switch t.Kind() {
	case reflect.Struct:
		if seen[t] || t == reflect.TypeFor[time.Time]() {
			_, _ = fmt.Fprint(w, t.Name(), " ") // a hash takes everything
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() || f.Anonymous {
				_, _ = fmt.Fprint(w, f.Name, " ", f.Tag.Get("json"), " ") // a hash takes everything
				describeShape(w, f.Type, seen)
			}
		}
		_, _ = fmt.Fprint(w, "end ") // a hash takes everything
	case reflect.Map:
		describeShape(w, t.Key(), seen)
		describeShape(w, t.Elem(), seen)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		describeShape(w, t.Elem(), seen)
	}
}

// rowsOf is the type of the rows of a table, given the table's pointer type.
func rowsOf(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() != reflect.Pointer {
		return nil, false
	}
	rows, isTable := reflect.Zero(t).Interface().(interface{ RowType() reflect.Type })
	if !isTable {
		return nil, false
	}
	return rows.RowType(), true
}

// writeWhole replaces a file so that a crash at any moment leaves either the old or the new one.
func writeWhole(name string, data []byte) error {
	unfinished := name + ".tmp"
	f, err := os.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(unfinished, name)
	}
	if err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// exists tells whether there is a file, whatever is in it.
func exists(name string) (bool, error) {
	_, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
