package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"
)

// program is the built program, for the tests that end it in ways that a function cannot be ended.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "plesksim")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "plesksim")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// process is a running simulator.
type process struct {
	t          *testing.T
	cmd        *exec.Cmd
	url, admin string
	http       *http.Client
}

// launch starts the program with a password file and a TLS directory in dir, and waits until it is ready.
func launch(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	password, tlsDir := filepath.Join(dir, "password"), filepath.Join(dir, "tls")
	if err := os.WriteFile(password, []byte("S3cret pass\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: exec.Command(program, append([]string{
		"-listen", "127.0.0.1:0", "-admin", "127.0.0.1:0", "-login", "root", "-password-file", password, "-tls-dir", tlsDir,
	}, args...)...)}
	p.cmd.Stderr = os.Stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.cmd.Wait() })
	lines := bufio.NewScanner(stdout)
	for p.url == "" {
		if !lines.Scan() {
			t.Fatalf("the program ended: %v", p.cmd.Wait())
		}
		if found := regexp.MustCompile(`^plesksim: admin endpoint on (http://127\.0\.0\.1:\d+)$`).FindStringSubmatch(lines.Text()); found != nil {
			p.admin = found[1]
		}
		if found := regexp.MustCompile(`^plesksim: ready on (https://127\.0\.0\.1:\d+), CA .*$`).FindStringSubmatch(lines.Text()); found != nil {
			p.url = found[1]
		}
	}
	ca, err := os.ReadFile(filepath.Join(tlsDir, "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	p.http = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}}
	return p
}

// send posts operators and returns the answer, or the error of the exchange.
func (p *process) send(operators string) (string, error) {
	p.t.Helper()
	req, err := http.NewRequest(http.MethodPost, p.url+"/enterprise/control/agent.php", strings.NewReader("<packet>"+operators+"</packet>"))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header["HTTP_AUTH_LOGIN"], req.Header["HTTP_AUTH_PASSWD"] = []string{"root"}, []string{"S3cret pass"}
	res, err := p.http.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return string(body), err
}

// wants sends operators whose answer must contain a text.
func (p *process) wants(operators, part string) {
	p.t.Helper()
	body, err := p.send(operators)
	if err != nil || !strings.Contains(body, part) {
		p.t.Errorf("%v %s, want %s", err, body, part)
	}
}

// ask calls the admin endpoint.
func (p *process) ask(method, path, body string) string {
	p.t.Helper()
	req, err := http.NewRequest(method, p.admin+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	res, err := p.http.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		p.t.Fatalf("%s %s: %s %v %s", method, path, res.Status, err, answer)
	}
	return string(answer)
}

// end sends a signal and waits for the end.
func (p *process) end(signal os.Signal) error {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
	return p.cmd.Wait()
}

func addCustomer(login string) string {
	return `<customer><add><gen_info><pname>N</pname><login>` + login + `</login><passwd>Oak-4711</passwd></gen_info></add></customer>`
}

func getCustomer(login string) string {
	return `<customer><get><filter><login>` + login + `</login></filter><dataset><gen_info/></dataset></get></customer>`
}

// What was done before SIGTERM is there afterwards; the seed is for the first start only.
func TestTermination(t *testing.T) {
	dir := t.TempDir()
	seed, state := filepath.Join(dir, "seed.xml"), filepath.Join(dir, "state.json")
	if err := os.WriteFile(seed, []byte("<packet>"+addCustomer("seeded")+"</packet>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		p := launch(t, dir, "-state", state, "-seed", seed)
		p.wants(getCustomer("seeded"), "<id>2</id>")
		for before := range i {
			p.wants(getCustomer(fmt.Sprint("alder", before)), fmt.Sprintf("<id>%d</id>", 3+before))
		}
		p.wants(addCustomer(fmt.Sprint("alder", i)), "<status>ok</status>")
		if err := p.end(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(state); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
}

// A crash in the middle of work leaves a whole file: everything that was done up to some moment, which is at most a second before.
func TestCrash(t *testing.T) {
	dir := t.TempDir()
	state := filepath.Join(dir, "state.json")
	p := launch(t, dir, "-state", state)
	done := 0
	for ; ; done++ { // until a second save took place: the file has more than the first change, which is saved at once
		p.wants(addCustomer(fmt.Sprint("alder", done)), "<status>ok</status>")
		if saved, err := os.ReadFile(state); err != nil {
			t.Fatal(err)
		} else if strings.Count(string(saved), `"Login":"alder`) > 1 {
			break
		}
	}
	atLeast := func() int {
		saved, err := os.ReadFile(state)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(saved), `"Login":"alder`)
	}()
	crashed := make(chan error)
	go func() { crashed <- p.end(syscall.SIGKILL) }()
	for { // working on when it happens
		if _, err := p.send(addCustomer(fmt.Sprint("alder", done+1))); err != nil {
			break
		}
		done++
	}
	if err := <-crashed; err == nil {
		t.Error("a killed process ended well")
	}
	if err := os.WriteFile(state+".tmp", []byte("half a st"), 0o600); err != nil { // as if it had been killed while writing
		t.Fatal(err)
	}

	p = launch(t, dir, "-state", state)
	kept := 0
	for {
		body, err := p.send(getCustomer(fmt.Sprint("alder", kept)))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(body, "<errcode>1013</errcode>") {
			break
		}
		kept++
	}
	if kept < atLeast || kept > done+1 {
		t.Errorf("%d customers were kept, of %d; the file had %d", kept, done+1, atLeast)
	}
	p.wants(addCustomer(fmt.Sprint("alder", kept)), fmt.Sprintf("<id>%d</id>", 2+kept))
	if err := p.end(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
}

// Faults from a file and over the endpoint, records, counters, a restart, another language: all that tests of other programs use.
func TestDrivenFromOutside(t *testing.T) {
	dir := t.TempDir()
	faults, record := filepath.Join(dir, "faults.json"), filepath.Join(dir, "record.jsonl")
	if err := os.WriteFile(faults, []byte(`[{"operator":"customer","operation":"add","drop":true,"executed":true,"times":1}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	p := launch(t, dir, "-faults", faults, "-record", record, "-locale", "de", "-os", "windows", "-protocol", "1.6.5")
	if body, err := p.send(addCustomer("alder")); err == nil {
		t.Error(body)
	}
	p.wants(getCustomer("alder"), "<id>2</id>") // the answer was lost after the commit
	p.wants(getCustomer("oak"), `<packet version="1.6.5.0">`)
	p.wants(getCustomer("oak"), "<errtext>Der Kunde ist nicht vorhanden</errtext>")

	p.ask("POST", "/faults", `{"status":502,"times":1}`)
	p.wants(getCustomer("alder"), "Bad Gateway")
	p.ask("POST", "/faults", `{"system":true,"code":1001}`)
	p.wants(getCustomer("alder"), "<errcode>1001</errcode>")
	p.ask("DELETE", "/faults", "")
	p.ask("POST", "/restart", "")
	p.wants(getCustomer("alder"), "<id>2</id>")

	if stats := p.ask("GET", "/stats", ""); !strings.Contains(stats, `"packets":7,`) || !strings.Contains(stats, `"customer/add":1`) {
		t.Error(stats)
	}
	packets := p.ask("GET", "/packets?operation=customer/add", "")
	saved, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(packets, "\n") != 1 || !strings.Contains(packets, "[redacted]") || !strings.HasPrefix(string(saved), packets) {
		t.Error(packets)
	}
	for _, secret := range []string{"Oak-4711", "S3cret pass"} {
		if strings.Contains(string(saved), secret) {
			t.Errorf("%s was recorded", secret)
		}
	}
	if state := p.ask("GET", "/state", ""); !strings.Contains(state, `"OS":"windows"`) {
		t.Error(state)
	}
	if err := p.end(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
}

// A command line that asks for the impossible is refused with the reason, and nothing is served.
func TestRefusedToStart(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	password := write("password", "p")
	badSeed := write("seed.xml", "<packet>"+strings.Repeat(addCustomer("alder"), 2)+"</packet>")
	for _, test := range []struct {
		says string
		args []string
	}{
		{"loopback", []string{"-admin", "0.0.0.0:0"}},
		{"must be linux or windows", []string{"-os", "beos"}},
		{"the protocol 1.7 is not known", []string{"-protocol", "1.7"}},
		{"language", []string{"-locale", "tlh"}},
		{"cannot be negative", []string{"-latency-op", "-1s"}},
		{"must be one of", []string{"-behave", "well"}},
		{"not a state file", []string{"-state", write("state.json", "{}")}},
		{"customer/add failed with 1002", []string{"-seed", badSeed, "-state", filepath.Join(dir, "new.json")}},
		{"no operation", []string{"-faults", write("faults.json", `{"operator":"costumer","drop":true}`)}},
		{"is a directory", []string{"-record", dir}},
	} {
		out, err := exec.Command(program, append([]string{"-listen", "127.0.0.1:0", "-password-file", password, "-tls-dir", filepath.Join(dir, "tls")}, test.args...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), test.says) {
			t.Errorf("%v: %v %s", test.args, err, out)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "new.json")); err == nil {
		t.Error("a server that was not made left its state")
	}
}
