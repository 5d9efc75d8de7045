// The state file: that nothing is lost in it, and when it is written.

package plesksim

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

// What is kept must survive JSON: no field that encoding/json leaves out, nothing that writes itself in a way of its own.
func TestNothingInTheStateIsLostInJSON(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var visit func(of reflect.Type, path string)
	visit = func(of reflect.Type, path string) {
		if rows, isTable := rowsOf(of); isTable {
			of = rows
		}
		if seen[of] || of == reflect.TypeFor[time.Time]() {
			return
		}
		if path == "state.Machine.Preferences.Given.SMTPPassword" {
			return // never set: the value is kept beside it
		}
		seen[of] = true
		if m := reflect.TypeFor[json.Marshaler](); of.Implements(m) || reflect.PointerTo(of).Implements(m) {
			t.Errorf("%s is a %s, which writes itself: what it leaves out would be lost", path, of)
		}
		switch of.Kind() {
		case reflect.Struct:
			for i := range of.NumField() {
				f := of.Field(i)
				isIndex := f.Type.Kind() == reflect.Pointer && strings.HasPrefix(f.Type.Elem().Name(), "Index[")
				switch {
				case isIndex:
				case of == reflect.TypeFor[state]() && f.Name == "entropy":
				case !f.IsExported() && !f.Anonymous, f.Tag.Get("json") == "-":
					t.Errorf("%s.%s is not kept", path, f.Name)
				default:
					visit(f.Type, path+"."+f.Name)
				}
			}
		case reflect.Map:
			visit(of.Elem(), path+"[]")
		case reflect.Pointer, reflect.Slice, reflect.Array:
			visit(of.Elem(), path+"[]")
		case reflect.Interface, reflect.Func, reflect.Chan:
			t.Errorf("%s is a %s", path, of.Kind())
		}
	}
	visit(reflect.TypeFor[state](), "state")
}

// A server that is made again from its file is the same server: with what packets of all kinds left behind, it answers other packets of all
// kinds alike. Packets that only read change nothing that is kept.
func TestStateFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	chance := func() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{1}) }
	s := newServer(t, func(o *Options) { o.StateFile = file })
	addReseller(t, s, "birch")
	addCustomer(t, s, "alder")
	addWebspace(t, s, "alder", "alder.example")
	rnd := rand.New(rand.NewPCG(3, 4))
	packets := func(n int) (all [][]byte) {
		for range n {
			packet := schematest.Packet(rnd, schema.Request(), schematest.Options{Operators: []string{"customer", "webspace", "service-plan", "mail", "dns", "database"}, Size: 60})
			packet.Attrs = nil
			for _, p := range packet.Elements() {
				if value, ok := likely(rnd, p); ok {
					p.Node.Children = []*schematest.Node{{Text: value}}
				}
			}
			all = append(all, packet.Bytes(rnd, false))
		}
		return all
	}
	kept := func(s *Server) string {
		s.mu.Lock()
		defer s.mu.Unlock()
		data, err := s.encodeState()
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	before, changes := kept(s), s.changes
	for _, p := range packets(500) {
		s.Packet(p)
		after := kept(s)
		if s.changes == changes && after != before {
			t.Fatalf("a packet that only reads changed the state: %s", p)
		}
		before, changes = after, s.changes
	}
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	s.Close() // what it has in memory stays
	again := newServer(t, func(o *Options) { o.StateFile, o.Login = file, "ignored" })
	if kept(again) != kept(s) {
		t.Fatal("another state was read than was written")
	}
	s.state.entropy, again.state.entropy = chance(), chance()
	for _, p := range packets(500) {
		if first, second := string(s.Packet(p)), string(again.Packet(p)); first != second {
			t.Fatalf("%s\nwas answered\n%s\nand by the server that was read from the file\n%s", p, first, second)
		}
	}
}

func TestStateFilesThatAreRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	newServer(t, func(o *Options) { o.StateFile = file }).Close()
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ content, says string }{
		{strings.Replace(string(whole), stateVersion(), "0-12345678", 1), "of version 0-12345678, and this plesksim keeps version " + stateVersion()},
		{string(whole[:len(whole)/2]), "not a whole one"},
		{"", "not a whole one"},
		{`{"packets":0}`, "not a state file"},
		{strings.Replace(string(whole), `"Login":"admin"`, `"Loggin":"admin","ID":7`, 1), "no administrator"},
		{strings.Replace(string(whole), `"linux"`, `"windows"`, 1), "of a server on windows, not on linux"},
	} {
		if err := os.WriteFile(file, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := New(Options{StateFile: file}); err == nil || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), file) {
			t.Errorf("%v, want %q", err, test.says)
		}
		if left, err := os.ReadFile(file); err != nil || string(left) != test.content {
			t.Error("a refused file was changed")
		}
	}
}

// Of two servers with one file the second is not made: each would undo what the other wrote.
func TestOneServerPerStateFile(t *testing.T) {
	options := Options{StateFile: filepath.Join(t.TempDir(), "state.json")}
	first, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(options); err == nil || !strings.Contains(err.Error(), "state.json is the state of another plesksim that is running") {
		t.Errorf("the second: %v", err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	first.Stop() // to be started again
	if _, err := New(options); err == nil {
		t.Error("a stopped server lost its file")
	}
	first.Close()
	third, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	third.Close()
}

// The first change is written at once, and many are written once per second; a state that takes long to write has most of the time free.
func TestSavingInTime(t *testing.T) {
	savedAfter(t, 0, 100, 1100, 2100, 3100)
	savedAfter(t, time.Second, 100, 4100)
}

// savedAfter compares when changes every tenth of a second, until 2.5 s, were saved by saves that take so long.
func savedAfter(t *testing.T, takes time.Duration, milliseconds ...int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var saves []time.Duration
		changed := make(chan struct{}, 1)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			keepUp(ctx, changed, func() { saves = append(saves, time.Since(begin)); <-time.After(takes) })
		}()
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for range 25 { // until 2.5 s
			<-tick.C
			select {
			case changed <- struct{}{}:
			default:
			}
		}
		synctest.Wait()
		<-time.After(time.Minute)
		cancel()
		<-ended
		want := make([]time.Duration, len(milliseconds))
		for i := range want {
			want[i] = time.Duration(milliseconds[i]) * time.Millisecond
		}
		if !reflect.DeepEqual(saves, want) {
			t.Errorf("saved after %v, want %v", saves, want)
		}
	})
}

// What cannot be written is reported, and written as soon as it can be.
func TestSavingFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	failures := make(chan error, 10)
	s := newServer(t, func(o *Options) {
		o.StateFile, o.OnError = filepath.Join(dir, "state.json"), func(err error) { failures <- err }
	})
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	addCustomer(t, s, "alder")
	if err := <-failures; !strings.Contains(err.Error(), "not saved") {
		t.Error(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s.Close()
	again := newServer(t, func(o *Options) { o.StateFile = filepath.Join(dir, "state.json") })
	behind(t, again, countAlder, oneAlder)
}
