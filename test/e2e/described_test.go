// What the server describes: names and values that it does not have are told before anything is sent, and taken as soon as it has them.

package e2e

import (
	"encoding/base64"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/phphandler"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

var _ = Describe("What the server does not have", func() {
	plain := func(n string) v1alpha1.LimitValue { return v1alpha1.LimitValue{Text: n} }
	hosted := func(p *v1alpha1.PleskServicePlan) *v1alpha1.HostingProperties {
		if p.Spec.Hosting == nil {
			p.Spec.Hosting = &v1alpha1.PlanHosting{}
		}
		return &p.Spec.Hosting.HostingProperties
	}
	frequent := func(srv *v1alpha1.PleskServer) { srv.Spec.ResyncPeriod = metav1.Duration{Duration: shortestResync} }
	install := func(w *world) {
		GinkgoHelper()
		_, err := extension.Install.One(w, w.plesk, extension.InstallRequest{ID: new("docker")})
		Expect(err).NotTo(HaveOccurred())
	}
	descriptorReads := func(w *world) int {
		n := 0
		for _, operator := range []string{"service-plan", "webspace"} {
			for _, what := range []string{"limit", "permission", "physical-hosting"} {
				n += w.plesk.Stats().Operations[fmt.Sprintf("%s/get-%s-descriptor", operator, what)]
			}
		}
		return n
	}

	DescribeTable("is told of a plan before anything is sent: by its field, and with what there is instead",
		func(os plesksim.OS, spoil func(*v1alpha1.PleskServicePlan), says ...string) {
			w := newWorldWith(plesksim.Options{OS: os})
			w.eventuallyReady(w.server)
			w.plesk.Fix("max_box", "manage_log", "errdocs")
			p := newPlan("birch-small")
			spoil(p)
			w.create(p)
			w.eventuallySays(p, v1alpha1.ReasonInvalidSpec, says...)
			Consistently(func() int { return w.plesk.Stats().Writes }).WithTimeout(time.Second).Should(BeZero())
			Expect(p.Finalizers).To(BeEmpty())
			edit(w, p, func(p *v1alpha1.PleskServicePlan) { p.Spec.Allowance, p.Spec.Hosting = v1alpha1.Allowance{}, nil })
			w.eventuallyReady(p)
			w.plesk.ResetStats()
			edit(w, p, spoil)
			w.eventuallySays(p, v1alpha1.ReasonInvalidSpec, says...)
			Consistently(func() int { return w.plesk.Stats().Writes }).WithTimeout(time.Second).Should(BeZero())
		},
		Entry("a limit", plesksim.Linux, func(p *v1alpha1.PleskServicePlan) {
			p.Spec.Limits = map[string]v1alpha1.LimitValue{"max_dom": plain("3")}
		},
			`spec.limits.max_dom: this server has no "max_dom", but max_dom_aliases, `, ", expiration"),
		Entry("a limit that nobody can change", plesksim.Linux, func(p *v1alpha1.PleskServicePlan) {
			p.Spec.Limits = map[string]v1alpha1.LimitValue{"max_box": plain("3")}
		},
			"spec.limits.max_box: nobody can change it on this server"),
		Entry("a limit of the other platform", plesksim.Linux, func(p *v1alpha1.PleskServicePlan) {
			p.Spec.Limits = map[string]v1alpha1.LimitValue{"max_mssql_db": plain("3")}
		}, `spec.limits.max_mssql_db: this server has no "max_mssql_db"`),
		Entry("a permission", plesksim.Windows, func(p *v1alpha1.PleskServicePlan) { p.Spec.Permissions = map[string]bool{"manage_dnss": true} },
			`spec.permissions.manage_dnss: this server has no "manage_dnss", but manage_dns, `),
		Entry("a permission that nobody can change", plesksim.Windows, func(p *v1alpha1.PleskServicePlan) { p.Spec.Permissions = map[string]bool{"manage_log": true} },
			"spec.permissions.manage_log: nobody can change it on this server"),
		Entry("a PHP handler that is disabled", plesksim.Linux, func(p *v1alpha1.PleskServicePlan) {
			hosted(p).PHP = &v1alpha1.HostingPHP{HandlerID: new("plesk-php74-fpm")}
		}, `spec.hosting.php.handlerID: this server has no value "plesk-php74-fpm" for it, but module, cgi, fastcgi, plesk-php82-fpm, plesk-php83-fpm`),
		Entry("a PHP handler of the other platform", plesksim.Windows, func(p *v1alpha1.PleskServicePlan) {
			hosted(p).PHP = &v1alpha1.HostingPHP{HandlerID: new("plesk-php83-fpm")}
		}, `spec.hosting.php.handlerID: this server has no value "plesk-php83-fpm" for it, but `),
		Entry("a shell where there are none", plesksim.Windows, func(p *v1alpha1.PleskServicePlan) { hosted(p).Shell = new("/bin/bash") },
			`spec.hosting.shell: this server has no "shell", but `),
		Entry("a switch that nobody can change", plesksim.Linux, func(p *v1alpha1.PleskServicePlan) { hosted(p).ErrorDocuments = new(true) },
			"spec.hosting.errorDocuments: nobody can change it on this server"),
		Entry("a property of the other platform", plesksim.Linux, func(p *v1alpha1.PleskServicePlan) {
			hosted(p).ExtraProperties = map[string]string{"managed_runtime_version": "4.0"}
		}, `spec.hosting.extraProperties.managed_runtime_version: this server has no "managed_runtime_version"`),
		Entry("a value of a property", plesksim.Windows, func(p *v1alpha1.PleskServicePlan) {
			hosted(p).ExtraProperties = map[string]string{"managed_runtime_version": "3.0"}
		}, `spec.hosting.extraProperties.managed_runtime_version: this server has no value "3.0" for it, but 2.0, 4.0`),
		Entry("a switch that is neither on nor off", plesksim.Linux, func(p *v1alpha1.PleskServicePlan) {
			hosted(p).ExtraProperties = map[string]string{"wu_script": "on"}
		}, `spec.hosting.extraProperties.wu_script: "on" is not true or false`),
		Entry("several things", plesksim.Linux, func(p *v1alpha1.PleskServicePlan) {
			p.Spec.Limits, p.Spec.Permissions = map[string]v1alpha1.LimitValue{"max_dom": plain("3")}, map[string]bool{"manage_dnss": true}
			hosted(p).Shell = new("/bin/zsh")
		}, "spec.limits.max_dom: ", "; not possible either: spec.permissions.manage_dnss, spec.hosting.shell"),
	)

	DescribeTable("keeps a subscription from being made or changed, and nothing of the change is half done", func(os plesksim.OS, shell, says string, possible *string) {
		w := newWorldWith(plesksim.Options{OS: os})
		w.eventuallyReady(w.server)
		s := w.setUp()
		writes := w.plesk.Stats().Writes
		second := newSubscription("second.example", "acme", "birch-small")
		second.Spec.Hosting.VirtualHost.ExtraProperties = map[string]string{"nginx-proxy-mode": "true"} // add-on sites have it
		w.create(second)
		w.eventuallySays(second, v1alpha1.ReasonInvalidSpec, `spec.hosting.virtualHost.extraProperties.nginx-proxy-mode: this server has no "nginx-proxy-mode"`)
		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) {
			o.Spec.Description = new("changed with the rest or not at all")
			o.Spec.Hosting.VirtualHost.Shell = &shell
		})
		w.eventuallySays(s.subscription, v1alpha1.ReasonInvalidSpec, "spec.hosting.virtualHost.shell: "+says)
		Consistently(func() int { return w.plesk.Stats().Writes }).Should(Equal(writes))
		Expect(w.subscriptionOnServer("second.example")).To(BeNil())
		edit(w, s.subscription, func(o *v1alpha1.PleskSubscription) { o.Spec.Hosting.VirtualHost.Shell = possible })
		edit(w, second, func(o *v1alpha1.PleskSubscription) { o.Spec.Hosting.VirtualHost.ExtraProperties = nil })
		w.eventuallyReady(s.subscription, second)
	},
		Entry("on Linux", plesksim.Linux, "/bin/zsh", `this server has no value "/bin/zsh" for it, but /bin/false, /bin/sh, /bin/bash`, new("/bin/bash")),
		Entry("on Windows", plesksim.Windows, "/bin/bash", `this server has no "shell", but `, nil),
	)

	It("is taken at the next resync after the server has it, though nothing was logged", func() {
		w := readyWorld(frequent)
		p, q := newPlan("birch-small"), newPlan("birch-large")
		p.Spec.Limits = map[string]v1alpha1.LimitValue{"ext_limit_docker_containers": plain("3")}
		q.Spec.Hosting = &v1alpha1.PlanHosting{}
		q.Spec.Hosting.PHP = &v1alpha1.HostingPHP{HandlerID: new("plesk-php74-fpm")}
		w.create(p)
		w.create(q)
		w.eventuallySays(p, v1alpha1.ReasonInvalidSpec, "spec.limits.ext_limit_docker_containers: this server has no")
		w.eventuallySays(q, v1alpha1.ReasonInvalidSpec, "spec.hosting.php.handlerID: this server has no value")
		install(w)
		_, err := phphandler.Enable.One(w, w.plesk, xmlapi.FilterRequest{Filter: phphandler.ByID("plesk-php74-fpm")})
		Expect(err).NotTo(HaveOccurred())
		w.eventuallyReady(p, q)
	})

	It("is taken at the next resync after it can be changed", func() {
		w := readyWorld(frequent)
		w.plesk.Fix("manage_dns")
		p := newPlan("birch-small")
		p.Spec.Permissions = map[string]bool{"manage_dns": true}
		w.create(p)
		w.eventuallySays(p, v1alpha1.ReasonInvalidSpec, "spec.permissions.manage_dns: nobody can change it")
		w.plesk.Fix()
		w.eventuallyReady(p)
	})

	It("is taken within one poll where the log tells of what may have brought it", func() {
		w := readyWorld()
		p := newPlan("birch-small")
		p.Spec.Permissions = map[string]bool{"ext_permission_docker_manage_docker": true}
		w.create(p)
		w.eventuallySays(p, v1alpha1.ReasonInvalidSpec, "spec.permissions.ext_permission_docker_manage_docker: this server has no")
		install(w)
		Consistently(func() string { return w.ready(p).Reason }).Should(Equal(v1alpha1.ReasonInvalidSpec))
		_, err := server.LicenceInstall.One(w, w.plesk, server.LicenceInstallRequest{
			License: new(xmlapi.Secret(base64.StdEncoding.EncodeToString([]byte("simulated licence PLSK.00000042")))),
		})
		Expect(err).NotTo(HaveOccurred())
		Eventually(w.ready).WithArguments(p).WithTimeout(10 * time.Second).Should(HaveField("Status", metav1.ConditionTrue))
	})

	It("is for the server to refuse where it does not tell what it has", func() {
		w := readyWorld()
		w.plesk.Inject(plesksim.Fault{Operator: "service-plan", Operation: "get-limit-descriptor", Code: xmlapi.CodePermissionDenied})
		p := newPlan("birch-small")
		p.Spec.Limits = map[string]v1alpha1.LimitValue{"max_dom": plain("3")}
		w.create(p)
		w.eventuallySays(p, v1alpha1.ReasonRejected, "service-plan/add: Plesk error 1019")
	})

	It("is asked for once for a crowd, and not at all where nothing is written", func() {
		const many = 30
		w := readyWorld()
		var all []client.Object
		for i := range many {
			p := newPlan(fmt.Sprintf("birch-%02d", i))
			p.Spec.Limits, p.Spec.Permissions = map[string]v1alpha1.LimitValue{"max_box": plain("3")}, map[string]bool{"manage_dns": true}
			hosted(p).PHP = &v1alpha1.HostingPHP{Enabled: new(true)}
			w.create(p)
			all = append(all, p)
		}
		w.eventuallyReady(all...)
		Expect(descriptorReads(w)).To(Equal(3))
		w.settled()
		w.plesk.ResetStats()
		Expect(manager.Stop()).To(Succeed())
		Expect(manager.Start(w)).To(Succeed())
		Eventually(func() int { return w.plesk.Stats().Operations["service-plan/get"] }).Should(BeNumerically(">", 0))
		w.settled()
		for _, o := range all {
			w.request(o)
		}
		w.settled()
		Expect(w.plesk.Stats().Writes).To(BeZero())
		Expect(descriptorReads(w)).To(BeZero())
	})
})
