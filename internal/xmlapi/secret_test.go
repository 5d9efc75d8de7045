// Secrets are never printed: not by any verb, encoder or logger, wherever they stand.

package xmlapi_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/secretkey"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const hidden = "hunter2"

func TestSecretsAreNeverPrinted(t *testing.T) {
	secret := xmlapi.Secret(hidden)
	password := xmlapi.Property{Name: "ftp_password", Value: hidden}
	client, err := xmlapi.New(xmlapi.Config{URL: "https://web-01.example:8443", Username: "admin", Password: secret})
	if err != nil {
		t.Fatal(err)
	}
	byKey, err := xmlapi.New(xmlapi.Config{URL: "https://web-01.example:8443", SecretKey: secret})
	if err != nil {
		t.Fatal(err)
	}
	add := customer.AddRequest{GenInfo: customer.NewGenInfo{Login: "acme", Password: secret}}
	set := webspace.SetRequest{Values: webspace.SetValues{Hosting: &hosting.Hosting{
		Virtual: &hosting.VirtualHosting{Properties: []xmlapi.Property{password}},
	}}}
	for name, v := range map[string]any{
		"Secret":                    secret,
		"pointer to Secret":         &secret,
		"pointer to pointer":        new(&secret),
		"slice":                     []xmlapi.Secret{secret},
		"map":                       map[string]xmlapi.Secret{"a": secret},
		"struct":                    server.InitialSetupRequest{Password: secret},
		"pointer to struct":         &add,
		"pointer within struct":     server.SetRequest{Password: &secret},
		"call":                      customer.Add.Call(add),
		"result":                    server.CreateSessionResult{Token: secret},
		"property":                  password,
		"pointer to property":       &password,
		"property within structs":   *set.Values.Hosting.Virtual,
		"call with property":        webspace.Set.Call(set),
		"filter of keys":            xmlapi.FilterRequest{Filter: secretkey.ByKey(secret)},
		"query for keys":            xmlapi.QueryRequest{Filter: secretkey.ByKey(secret, secret).Query()},
		"configuration":             xmlapi.Config{Username: "admin", Password: secret, SecretKey: secret},
		"pointer to configuration":  &xmlapi.Config{Username: "admin", Password: secret, SecretKey: secret},
		"client":                    client,
		"client by value":           *byKey,
		"Error with formatted text": &xmlapi.Error{Err: fmt.Errorf("refused: %v %s", add, secret)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []string{"v", "+v", "#v", "s", "q", "x", "X", "d", "o", "U", "t", "e", "c", "10.3s", "-20q"} {
				mustHide(t, "%"+verb, fmt.Sprintf("%"+verb, v))
			}
			mustHide(t, "Sprint", fmt.Sprint(v)+fmt.Sprintln(v))
			if doc, err := json.Marshal(v); err == nil {
				mustHide(t, "JSON", string(doc))
			}
			var log bytes.Buffer
			all := &slog.HandlerOptions{Level: slog.LevelDebug}
			for _, h := range []slog.Handler{slog.NewTextHandler(&log, all), slog.NewJSONHandler(&log, all)} {
				slog.New(h).Info("m", "v", v, slog.Group("g", "v", v))
				slog.New(h).With("v", v).Error(fmt.Sprint(v))
			}
			mustHide(t, "slog", log.String())
		})
	}
}

func mustHide(t *testing.T, how, text string) {
	t.Helper()
	for _, form := range []string{hidden, hex.EncodeToString([]byte(hidden)), strings.ToUpper(hex.EncodeToString([]byte(hidden))), "104 117 110", "U+0068"} {
		if strings.Contains(text, form) {
			t.Errorf("%s shows it: %s", how, text)
		}
	}
}

func TestASecretSaysThatItIsOne(t *testing.T) {
	for _, have := range []string{fmt.Sprintf("%v", xmlapi.Secret("")), xmlapi.Secret(hidden).String(), fmt.Sprintf("%d", xmlapi.Secret(hidden))} {
		if have != "[redacted]" {
			t.Errorf("have %q", have)
		}
	}
	if xmlapi.Secret(hidden).Reveal() != hidden {
		t.Error("Reveal does not")
	}
}

func TestSensitiveProperties(t *testing.T) {
	for name, want := range map[string]bool{
		"ftp_password": true, "FTP_Password": true, "fp_admin_password": true, "passwd": true,
		"ftp_password_type": false, "ftp_login": false, "": false,
	} {
		p := xmlapi.Property{Name: name, Value: hidden}
		if p.Sensitive() != want {
			t.Errorf("%s: %v", name, !want)
		}
		if shown := strings.Contains(fmt.Sprint(p), hidden); shown == want {
			t.Errorf("%s prints as %v", name, p)
		}
	}
}

// TestEverySecretOfTheGrammarIsOne looks for elements that hold passwords or keys and are plain texts here.
func TestEverySecretOfTheGrammarIsOne(t *testing.T) {
	for _, o := range allOperations() {
		for _, typ := range []reflect.Type{o.Request, o.Result} {
			walkTexts(t, o.String(), typ)
		}
	}
}

// namesOfTypes only tell how a secret, or a text, is written.
var namesOfTypes = []string{"password_type", "password-type", "content_type"}

func walkTexts(t *testing.T, path string, typ reflect.Type) {
	t.Helper()
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice:
		walkTexts(t, path, typ.Elem())
	case reflect.Struct:
		if isFilter(typ) {
			return
		}
		for _, f := range fields(typ) {
			if f.wildcard {
				continue // whose elements are open to all
			}
			walkTexts(t, path+"/"+f.name, f.typ)
		}
	case reflect.String:
		name := path[strings.LastIndex(path, "/")+1:]
		for _, word := range []string{"passwd", "password", "secret", "license", "hash", "content", "activation-code"} {
			if slices.Contains(namesOfTypes, name) || typ == reflect.TypeFor[xmlapi.Secret]() || !strings.Contains(name, word) {
				continue
			}
			t.Errorf("%s is a %s", path, typ)
		}
	}
}
