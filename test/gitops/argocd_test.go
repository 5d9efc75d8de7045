// What Argo CD makes of the same statuses, by the script of config/argocd.

package gitops

import (
	"os"
	"path/filepath"
	"testing"

	lua "github.com/yuin/gopher-lua"
	"sigs.k8s.io/yaml"
)

// script is the health check in config/argocd, read as Argo CD reads it.
func script(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "config", "argocd", "argocd-cm.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var cm struct {
		Data map[string]string `json:"data"`
	}
	if err := yaml.Unmarshal(text, &cm); err != nil {
		t.Fatal(err)
	}
	var kinds map[string]map[string]string
	if err := yaml.UnmarshalStrict([]byte(cm.Data["resource.customizations"]), &kinds); err != nil {
		t.Fatal(err)
	}
	health := kinds["plesk-operator.dev/*"]["health.lua"]
	if health == "" {
		t.Fatal("there is no health.lua for plesk-operator.dev/*")
	}
	return health
}

// health runs the script over an object, with the libraries that Argo CD opens for it: package, base and table, no string and no io.
func health(t *testing.T, o map[string]any) string {
	t.Helper()
	l := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer l.Close()
	for name, open := range map[string]lua.LGFunction{lua.LoadLibName: lua.OpenPackage, lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable} {
		l.Push(l.NewFunction(open))
		l.Push(lua.LString(name))
		l.Call(1, 0)
	}
	l.SetGlobal("obj", valueOf(l, o))
	if err := l.DoString(script(t)); err != nil {
		t.Fatalf("%v: %v", o, err)
	}
	answer, ok := l.Get(-1).(*lua.LTable)
	if !ok {
		t.Fatalf("%v: the script returned %s", o, l.Get(-1).Type())
	}
	if message := answer.RawGetString("message"); message.Type() != lua.LTString {
		t.Errorf("%v: the message is %s", o, message.Type())
	}
	return answer.RawGetString("status").String()
}

// valueOf is a value of JSON in Lua.
func valueOf(l *lua.LState, v any) lua.LValue {
	switch v := v.(type) {
	case string:
		return lua.LString(v)
	case float64:
		return lua.LNumber(v)
	case int64:
		return lua.LNumber(v)
	case bool:
		return lua.LBool(v)
	case []any:
		out := l.NewTable()
		for _, e := range v {
			out.Append(valueOf(l, e))
		}
		return out
	case map[string]any:
		out := l.NewTable()
		for k, e := range v {
			out.RawSetString(k, valueOf(l, e))
		}
		return out
	}
	return lua.LNil
}

// described is an object with a status, as a client decodes it.
func described(generation int64, shown map[string]any) map[string]any {
	o := map[string]any{
		"apiVersion": "plesk-operator.dev/v1alpha1", "kind": "PleskCustomer", "spec": map[string]any{"login": "acme"},
		"metadata": map[string]any{"name": "acme", "namespace": "hosting", "generation": generation},
	}
	if shown != nil {
		o["status"] = shown
	}
	return o
}

// TestArgoStates holds the script to every state that the engine can write: it agrees with Ready in all of them.
func TestArgoStates(t *testing.T) {
	want := map[string]string{"ready": "Healthy", "working": "Progressing", "stalled": "Degraded", "halted": "Suspended"}
	dying := map[string]string{"ready": "Progressing", "working": "Progressing", "stalled": "Degraded", "halted": "Progressing"}
	for i, s := range states(t) {
		o := described(generation, s.Status)
		if got := health(t, o); got != want[s.State] {
			t.Errorf("state %d, %s: Argo CD says %s, want %s: %v", i, s.State, got, want[s.State], s.Status)
		}
		o["metadata"].(map[string]any)["deletionTimestamp"] = "2031-01-02T03:04:05Z"
		if got := health(t, o); got != dying[s.State] {
			t.Errorf("state %d, %s, being deleted: Argo CD says %s, want %s", i, s.State, got, dying[s.State])
		}
		if got := health(t, described(generation+1, s.Status)); got != "Progressing" {
			t.Errorf("state %d, %s, of an older generation: Argo CD says %s", i, s.State, got)
		}
	}
}

// TestArgoNobodyHasLooked asks about objects that the operator has not seen, and about permits, which nobody waits for.
func TestArgoNobodyHasLooked(t *testing.T) {
	for what, status := range map[string]map[string]any{
		"without a status": nil, "with the default": {"observedGeneration": float64(-1)}, "restored in part": {"observedGeneration": float64(-1), "id": "7"},
	} {
		if got := health(t, described(1, status)); got != "Progressing" {
			t.Errorf("%s: Argo CD says %s", what, got)
		}
	}
	permit := map[string]any{"kind": "PleskApproval", "metadata": map[string]any{"generation": float64(1)}, "spec": map[string]any{"permit": "Plan"}}
	if got := health(t, permit); got != "Healthy" {
		t.Errorf("an unused permit: Argo CD says %s", got)
	}
	permit["status"] = map[string]any{"usedAt": "2031-01-02T03:04:05Z"}
	if got := health(t, permit); got != "Healthy" {
		t.Errorf("a used permit: Argo CD says %s", got)
	}
}
