// The program's flags, and what they make of the server's options.

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

// settings are what the command line asks for.
type settings struct {
	options    plesksim.Options
	admin      string
	faultFiles list
}

// list is a flag that may be given several times.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

// behaviours are the switches for what the documents of the protocol leave open, by the names that -behave takes.
var behaviours = map[string]func(*plesksim.Options){
	"allow-duplicate-external-ids": func(o *plesksim.Options) { o.AllowDuplicateExternalIDs = true },
	"allow-duplicate-records":      func(o *plesksim.Options) { o.AllowDuplicateRecords = true },
	"allow-weak-passwords":         func(o *plesksim.Options) { o.AllowWeakPasswords = true },
	"empty-dataset-hides-ids":      func(o *plesksim.Options) { o.EmptyDatasetHidesIDs = true },
	"old-versions-unsupported":     func(o *plesksim.Options) { o.OldVersionsUnsupported = true },
	"taken-reseller-login-invalid": func(o *plesksim.Options) { o.TakenResellerLoginInvalid = true },
	"empty-bare-ok":                func(o *plesksim.Options) { o.Empty = plesksim.EmptyBareOK },
	"empty-no-result":              func(o *plesksim.Options) { o.Empty = plesksim.EmptyNoResult },
	"foreign-objects-forbidden":    func(o *plesksim.Options) { o.ForeignObjectsForbidden = true },
	"full-names-in-zone":           func(o *plesksim.Options) { o.FullNamesInZone = true },
	"ignore-foreign-records":       func(o *plesksim.Options) { o.IgnoreForeignRecords = true },
	"keep-blanks":                  func(o *plesksim.Options) { o.KeepBlanks = true },
	"last-id-exclusive":            func(o *plesksim.Options) { o.LastIDExclusive = true },
	"unknown-misc-is-empty":        func(o *plesksim.Options) { o.UnknownMiscIsEmpty = true },
	"null-targets-refused":         func(o *plesksim.Options) { o.NullTargetsRefused = true },
	"used-certificates-go":         func(o *plesksim.Options) { o.UsedCertificatesGo = true },
	"used-plans-stay":              func(o *plesksim.Options) { o.UsedPlansStay = true },
}

func behave(o *plesksim.Options) func(string) error {
	return func(name string) error {
		change, known := behaviours[name]
		if !known {
			return fmt.Errorf("must be one of %s", strings.Join(slices.Sorted(maps.Keys(behaviours)), ", "))
		}
		change(o)
		return nil
	}
}

func parse(args []string, diagnostics io.Writer) (*settings, error) {
	set := &settings{}
	o := &set.options
	flags := flag.NewFlagSet("plesksim", flag.ContinueOnError)
	flags.SetOutput(diagnostics)
	flags.StringVar(&o.Address, "listen", "127.0.0.1:8443", "`address` to listen on")
	flags.StringVar(&o.PlainAddress, "listen-plain", "", "`address` to serve plain HTTP on as well, as real servers do on port 8880; without it there is none")
	flags.StringVar(&o.TLSDir, "tls-dir", "", "`directory` for the CA certificate (ca.crt) and the server's key and certificate, made when absent (required)")
	flags.StringVar(&o.Hostname, "hostname", plesksim.DefaultHostname, "the server's own `name`")
	system := flags.String("os", string(plesksim.Linux), "`system` that it runs on: linux or windows")
	flags.StringVar(&o.Protocol, "protocol", plesksim.NewestVersion, "newest `version` of the protocol that it speaks, in full or as 1.6.5: what came later it does not have")
	locale := flags.String("locale", string(plesksim.English), "`language` of error texts: en or de")
	flags.StringVar(&o.Login, "login", plesksim.DefaultLogin, "the administrator's `login`")
	passwordFile := flags.String("password-file", "", "`file` with the administrator's password (required)")
	keyFile := flags.String("secret-key-file", "", "`file` with a secret key that lets the administrator in")
	flags.Var((*list)(&o.AllowedIPs), "allow-ip", "`address` that may use the API, any when not given (repeatable)")
	flags.BoolVar(&o.Disabled, "disabled", false, "refuse every packet, as a panel whose API is switched off")
	flags.BoolVar(&o.Unconfigured, "unconfigured", false, "be a server whose initial setup is still to be done")
	flags.Func("behave", "`name` of another reading of the protocol: "+strings.Join(slices.Sorted(maps.Keys(behaviours)), ", ")+" (repeatable)", behave(o))
	flags.IntVar(&o.MaxEvents, "max-events", plesksim.DefaultMaxEvents, "`count` of events after which the event log forgets the oldest")

	flags.StringVar(&o.StateFile, "state", "", "`file` that keeps the state across restarts; without it the state is in memory only")
	flags.Var((*list)(&o.SeedFiles), "seed", "`file` with packets that a fresh server executes first, as administrator (repeatable)")
	flags.StringVar(&o.RecordFile, "record", "", "`file` to append a line of JSON to for each exchange, without passwords and keys")
	flags.StringVar(&set.admin, "admin", "", "loopback `address` of the admin endpoint (plain HTTP); without it there is none")
	flags.Var(&set.faultFiles, "faults", "JSON `file` with faults to begin with (repeatable)")
	flags.Uint64Var(&o.Seed, "fault-seed", 0, "`number` that decides how the probabilities of faults turn out")
	flags.DurationVar(&o.PacketLatency, "latency-packet", 0, "`duration` that each packet takes, many at the same time")
	flags.DurationVar(&o.OperationLatency, "latency-op", 0, "`duration` that each operation takes, changes one at a time")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	o.OS, o.Locale = plesksim.OS(*system), plesksim.Locale(*locale)
	if o.OS != plesksim.Linux && o.OS != plesksim.Windows {
		return nil, fmt.Errorf("-os %s: must be linux or windows", *system)
	}
	if o.PacketLatency < 0 || o.OperationLatency < 0 || o.MaxEvents < 0 {
		return nil, errors.New("-latency-packet, -latency-op and -max-events cannot be negative")
	}
	if *passwordFile == "" || o.TLSDir == "" {
		return nil, errors.New("-password-file and -tls-dir are required")
	}
	var err error
	if o.Password, err = readSecret(*passwordFile); err != nil {
		return nil, err
	}
	if *keyFile != "" {
		o.SecretKey, err = readSecret(*keyFile)
	}
	return set, err
}

// readSecret reads a file that holds nothing but a secret.
func readSecret(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	secret := strings.TrimRight(string(data), "\r\n")
	if secret == "" {
		return "", fmt.Errorf("%s is empty", file)
	}
	return secret, nil
}

// arm injects the faults to begin with.
func (s *settings) arm(srv *plesksim.Server) error {
	for _, file := range s.faultFiles {
		document, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := srv.InjectJSON(document); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}
