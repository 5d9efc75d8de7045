// What a failed probe says: who has to act, and on which field.

package server

import (
	"errors"
	"testing"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

const notAdmitted = " (nobody is admitted from here: the server's API is disabled, or closed to the operator's address (panel.ini, section api), or the account is a reseller's without the permission remote_access_interface)"

func TestVerdictOfAFailedProbe(t *testing.T) {
	srv := &v1alpha1.PleskServer{}
	srv.Spec.ProtocolVersion = "1.7"
	code := func(code int) error {
		return &xmlapi.Error{Class: xmlapi.Classify(code), Code: code, Text: "no", System: true}
	}
	wire := func(c xmlapi.Class) error { return &xmlapi.Error{Class: c, Err: errors.New("no")} }
	refused := &xmlapi.Error{Class: xmlapi.Forbidden, Code: 1006, Text: "no", Operator: "webspace", Operation: "get"}
	const pinned = ` (spec.protocolVersion "1.7" may be why: servers need not execute old versions that they list; unset, the newest is spoken)`
	for name, c := range map[string]struct {
		err               error
		reason, suffix    string
		reached, admitted metav1.ConditionStatus
		stalled           bool
	}{
		"wrong password":        {code(1001), v1alpha1.ReasonCredentialsRejected, " (spec.credentialsSecretRef)", yes, no, true},
		"access denied":         {code(1010), v1alpha1.ReasonCredentialsRejected, " (spec.credentialsSecretRef: the account has no access to the panel, or not from the operator's address)", yes, no, true},
		"account suspended":     {code(1011), v1alpha1.ReasonCredentialsRejected, " (spec.credentialsSecretRef)", yes, no, true},
		"no authentication":     {code(1029), v1alpha1.ReasonCredentialsRejected, " (spec.credentialsSecretRef)", yes, no, true},
		"wrong key":             {code(11003), v1alpha1.ReasonCredentialsRejected, " (spec.credentialsSecretRef: either the key is wrong, or it is bound to another address than the operator's)", yes, no, true},
		"licence expired":       {code(1030), v1alpha1.ReasonServerNotReady, "", yes, unknown, false},
		"wrong Virtuozzo key":   {code(1009), v1alpha1.ReasonServerNotReady, "", yes, unknown, false},
		"unknown version":       {code(1005), v1alpha1.ReasonInvalidSpec, ` (spec.protocolVersion "1.7")`, yes, unknown, true},
		"not admitted":          {code(1006), v1alpha1.ReasonPermissionDenied, notAdmitted, yes, unknown, true},
		"nobody's account":      {refused, v1alpha1.ReasonPermissionDenied, " (spec.credentialsSecretRef: the account may ask for none of what tells which Plesk answers)", yes, yes, true},
		"not set up":            {code(1004), v1alpha1.ReasonServerNotReady, "", yes, unknown, false},
		"brute-force lock":      {code(1012), v1alpha1.ReasonServerNotReady, "", yes, unknown, false},
		"operation failed":      {code(1023), v1alpha1.ReasonServerNotReady, "", yes, unknown, false},
		"packet refused":        {code(1014), v1alpha1.ReasonServerNotReady, pinned, yes, unknown, false},
		"version not executed":  {code(1017), v1alpha1.ReasonServerNotReady, pinned, yes, unknown, false},
		"untrusted certificate": {wire(xmlapi.Untrusted), v1alpha1.ReasonServerNotReady, " (spec.url, spec.tls; authorities that are not publicly trusted belong into the credentials' Secret, key ca.crt)", no, unknown, true},
		"no answer":             {wire(xmlapi.Transient), v1alpha1.ReasonServerNotReady, " (spec.url)", no, unknown, false},
		"anything else":         {errors.New("no"), v1alpha1.ReasonServerNotReady, "", no, unknown, false},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(verdictOf(srv, c.err)).To(Equal(verdict{
				reason: c.reason, message: c.err.Error() + c.suffix, reached: c.reached, admitted: c.admitted, stalled: c.stalled,
			}))
		})
	}
}

// A customer without a subscription is let in, and has nothing yet that would tell it from others.
func TestACustomerWithoutASubscriptionWaits(t *testing.T) {
	g := NewWithT(t)
	v := verdictOf(&v1alpha1.PleskServer{}, &xmlapi.Error{Class: xmlapi.Transient, Operator: "webspace", Operation: "get", Err: session.ErrNoSubscription})
	g.Expect(v.reason).To(Equal(v1alpha1.ReasonDependencyNotReady))
	g.Expect([]any{v.reached, v.admitted, v.ready, v.stalled}).To(Equal([]any{yes, yes, false, false}))
	g.Expect(v.message).To(And(ContainSubstring("no subscription"), ContainSubstring("Retain")))
}

// Without a version in the spec none is to blame.
func TestVerdictOfARefusedProbeWithoutAVersion(t *testing.T) {
	v := verdictOf(&v1alpha1.PleskServer{}, &xmlapi.Error{Class: xmlapi.Invalid, Code: 1014, Text: "no", System: true})
	NewWithT(t).Expect(v.message).NotTo(ContainSubstring("spec."))
}

func TestVersionsThatCannotBeSpoken(t *testing.T) {
	for name, c := range map[string]struct {
		asked           string
		listed          []string // newest first
		reason, message string   // "" for none
	}{
		"the newest":            {"", []string{"1.6.9.1", "1.6.4.0"}, "", ""},
		"the oldest":            {"", []string{"1.6.4.0", "1.6.3.5"}, "", ""},
		"asked for":             {"1.6.5", []string{"1.6.9.1", "1.6.5.0"}, "", ""},
		"asked for, not spoken": {"1.7", []string{"1.6.9.1"}, v1alpha1.ReasonInvalidSpec, "spec.protocolVersion: the server does not speak 1.7, its newest is 1.6.9.1"},
		"asked for, too old":    {"1.6.3", []string{"1.6.9.1", "1.6.3.5"}, v1alpha1.ReasonInvalidSpec, "spec.protocolVersion: 1.6.3.5 is too old: at least 1.6.4.0 is needed, and the server's newest is 1.6.9.1"},
		"an old server": {"", []string{"1.6.3.5", "1.6.3.4"}, v1alpha1.ReasonUnsupportedByServer,
			"the server is too old: the newest protocol that it speaks is 1.6.3.5, and at least 1.6.4.0 is needed, that of Plesk 11.0"},
		"nothing is listed": {"", nil, v1alpha1.ReasonUnsupportedByServer, "the server is too old: the newest protocol that it speaks is none, and at least 1.6.4.0 is needed, that of Plesk 11.0"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			srv := &v1alpha1.PleskServer{}
			srv.Spec.ProtocolVersion, srv.Status.ProtocolVersions = c.asked, c.listed
			v := mute(srv, version.Spoken(c.asked, c.listed))
			if c.reason == "" {
				g.Expect(v).To(BeNil())
				return
			}
			g.Expect(*v).To(Equal(verdict{reason: c.reason, message: c.message, reached: yes, admitted: yes, stalled: true}))
		})
	}
}
