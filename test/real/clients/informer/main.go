// Command informer watches a namespace as controllers written with client-go do, changes objects in it, and prints what its
// informers see. Its output is the same on every API server that behaves like kube-apiserver.
//
// Usage: informer NAMESPACE, with KUBECONFIG set. Requests are sent as protobuf, as most controllers do.
package main

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	corev1apply "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/util/retry"
)

const deadline = 30 * time.Second

var services = schema.GroupVersionResource{Version: "v1", Resource: "services"}
var secrets = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(err)
	config.QPS = -1
	namespace := os.Args[1]
	ctx, cancel := context.WithTimeout(context.Background(), 4*deadline)
	defer cancel()

	protobuf := rest.CopyConfig(config)
	protobuf.ContentType = runtime.ContentTypeProtobuf
	typed := kubernetes.NewForConfigOrDie(protobuf)
	seed(ctx, typed, namespace)
	events := make(chan string, 100)
	watch(ctx, config, typed, namespace, events)
	change(ctx, typed, namespace, events)
	conflict(ctx, typed, namespace)
	pages(ctx, typed, namespace)
	lead(ctx, typed, namespace)
}

// seed makes what is there before anybody watches.
func seed(ctx context.Context, client kubernetes.Interface, namespace string) {
	for _, name := range []string{"first", "second"} {
		_, err := client.CoreV1().ConfigMaps(namespace).Create(ctx, configMap(name, "seen", "a", "1"), metav1.CreateOptions{})
		must(err)
	}
	_, err := client.CoreV1().ConfigMaps(namespace).Create(ctx, configMap("hidden", "unseen", "a", "1"), metav1.CreateOptions{})
	must(err)
}

// watch starts three kinds of informers: typed and selecting by label, of metadata alone, and dynamic.
func watch(ctx context.Context, config *rest.Config, client kubernetes.Interface, namespace string, events chan<- string) {
	selecting := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace),
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = "watch=seen" }))
	metadataOnly := metadatainformer.NewFilteredSharedInformerFactory(metadata.NewForConfigOrDie(config), 0, namespace, nil)
	dynamicOnes := dynamicinformer.NewFilteredDynamicSharedInformerFactory(dynamic.NewForConfigOrDie(config), 0, namespace, nil)

	all := map[string]cache.SharedIndexInformer{
		"ConfigMap": selecting.Core().V1().ConfigMaps().Informer(),
		"Secret":    metadataOnly.ForResource(secrets).Informer(),
		"Service":   dynamicOnes.ForResource(services).Informer(),
	}
	ready := false
	for kind, informer := range all {
		_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc: func(object any) {
				if ready {
					events <- "added " + kind + " " + shown(object)
				}
			},
			UpdateFunc: func(old, object any) {
				if meta(old).GetResourceVersion() != meta(object).GetResourceVersion() {
					events <- "updated " + kind + " " + shown(object)
				}
			},
			DeleteFunc: func(object any) { events <- "deleted " + kind + " " + shown(object) },
		})
		must(err)
	}
	selecting.Start(ctx.Done())
	metadataOnly.Start(ctx.Done())
	dynamicOnes.Start(ctx.Done())
	names := []string{}
	for kind, informer := range all {
		if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
			fail("the cache of %ss was not filled", kind)
		}
		for _, object := range informer.GetStore().List() {
			if kind == "ConfigMap" {
				names = append(names, shown(object))
			}
		}
	}
	sort.Strings(names)
	fmt.Println("synced:", strings.Join(names, ", "))
	ready = true
}

// change makes changes one after the other, and prints the event that each leads to.
func change(ctx context.Context, client kubernetes.Interface, namespace string, events <-chan string) {
	maps := client.CoreV1().ConfigMaps(namespace)
	step := func(what string, err error) {
		must(err)
		fmt.Printf("%s: %s\n", what, next(events))
	}
	_, err := maps.Create(ctx, configMap("third", "seen", "a", "1"), metav1.CreateOptions{})
	step("create", err)
	third, err := maps.Get(ctx, "third", metav1.GetOptions{})
	must(err)
	third.Data["b"] = "2"
	_, err = maps.Update(ctx, third, metav1.UpdateOptions{})
	step("update", err)
	_, err = maps.Patch(ctx, "third", types.MergePatchType, []byte(`{"data":{"a":null}}`), metav1.PatchOptions{})
	step("merge patch", err)
	_, err = maps.Patch(ctx, "third", types.JSONPatchType, []byte(`[{"op":"add","path":"/data/c","value":"3"}]`), metav1.PatchOptions{})
	step("JSON patch", err)
	applied := corev1apply.ConfigMap("third", namespace).WithData(map[string]string{"d": "4"})
	_, err = maps.Apply(ctx, applied, metav1.ApplyOptions{FieldManager: "informer"})
	step("apply", err)
	// A label that is no longer selected ends the object for its watcher.
	_, err = maps.Patch(ctx, "second", types.MergePatchType, []byte(`{"metadata":{"labels":{"watch":"unseen"}}}`), metav1.PatchOptions{})
	step("label changed", err)
	_, err = maps.Patch(ctx, "hidden", types.MergePatchType, []byte(`{"metadata":{"labels":{"watch":"seen"}}}`), metav1.PatchOptions{})
	step("label changed back", err)

	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "key", Labels: map[string]string{"a": "b"}}, StringData: map[string]string{"k": "v"}}
	_, err = client.CoreV1().Secrets(namespace).Create(ctx, secret, metav1.CreateOptions{})
	step("secret", err)
	service := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "web"}, Spec: corev1.ServiceSpec{ClusterIP: "None", Ports: []corev1.ServicePort{{Port: 80}}}}
	_, err = client.CoreV1().Services(namespace).Create(ctx, service, metav1.CreateOptions{})
	step("service", err)
	background := metav1.DeletePropagationBackground
	step("delete", maps.Delete(ctx, "third", metav1.DeleteOptions{PropagationPolicy: &background}))
	step("delete all that are selected", maps.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "watch=seen", FieldSelector: "metadata.name=first"}))
}

// conflict changes an object that somebody else has changed since, and does it again as controllers do.
func conflict(ctx context.Context, client kubernetes.Interface, namespace string) {
	maps := client.CoreV1().ConfigMaps(namespace)
	old, err := maps.Get(ctx, "hidden", metav1.GetOptions{})
	must(err)
	_, err = maps.Patch(ctx, "hidden", types.MergePatchType, []byte(`{"data":{"a":"2"}}`), metav1.PatchOptions{})
	must(err)
	_, err = maps.Update(ctx, old, metav1.UpdateOptions{})
	fmt.Println("update of an old state:", errors.IsConflict(err), err)
	attempts := 0
	must(retry.RetryOnConflict(retry.DefaultRetry, func() error {
		attempts++
		found, err := maps.Get(ctx, "hidden", metav1.GetOptions{})
		if err != nil {
			return err
		}
		found.Data["a"] = "3"
		_, err = maps.Update(ctx, found, metav1.UpdateOptions{})
		return err
	}))
	fmt.Println("attempts until it succeeded:", attempts)
	uid := types.UID("00000000-0000-0000-0000-000000000000")
	err = maps.Delete(ctx, "hidden", metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &uid}})
	fmt.Println("delete of another object of the name:", errors.IsConflict(err))
	_, err = maps.Get(ctx, "none", metav1.GetOptions{})
	fmt.Println("get:", errors.IsNotFound(err), err)
}

// pages lists in pages, and expects an expired continue token to be told.
func pages(ctx context.Context, client kubernetes.Interface, namespace string) {
	maps := client.CoreV1().ConfigMaps(namespace)
	names, next := []string{}, ""
	for page := 1; ; page++ {
		list, err := maps.List(ctx, metav1.ListOptions{Limit: 1, Continue: next, LabelSelector: "watch"})
		must(err)
		for _, one := range list.Items {
			names = append(names, one.Name)
		}
		if next = list.Continue; next == "" {
			fmt.Printf("%d pages: %s\n", page, strings.Join(names, ", "))
			return
		}
	}
}

// lead takes and gives back a Lease, as controllers with several replicas do.
func lead(ctx context.Context, client kubernetes.Interface, namespace string) {
	lock := &resourcelock.LeaseLock{
		LeaseMeta:  metav1.ObjectMeta{Name: "leader", Namespace: namespace},
		Client:     client.CoordinationV1(),
		LockConfig: resourcelock.ResourceLockConfig{Identity: "one"},
	}
	leading, stop := context.WithCancel(ctx)
	leaderelection.RunOrDie(leading, leaderelection.LeaderElectionConfig{
		Lock:            lock,
		LeaseDuration:   15 * time.Second,
		RenewDeadline:   10 * time.Second,
		RetryPeriod:     time.Second,
		ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(context.Context) {
				fmt.Println("leads")
				stop()
			},
			OnStoppedLeading: func() { fmt.Println("leads no longer") },
		},
	})
	lease, err := client.CoordinationV1().Leases(namespace).Get(ctx, "leader", metav1.GetOptions{})
	must(err)
	fmt.Printf("holder of the lease: %q, taken over %d times\n", *lease.Spec.HolderIdentity, *lease.Spec.LeaseTransitions)
}

func configMap(name, watch, key, value string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"watch": watch}},
		Data:       map[string]string{key: value},
	}
}

func next(events <-chan string) string {
	select {
	case event := <-events:
		return event
	case <-time.After(deadline):
		return "no event"
	}
}

func meta(object any) metav1.Object {
	if gone, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = gone.Obj
	}
	return object.(metav1.Object)
}

func shown(object any) string {
	found, ok := object.(*corev1.ConfigMap)
	if !ok {
		return meta(object).GetName()
	}
	return fmt.Sprintf("%s %v", found.Name, found.Data)
}

func must(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func fail(format string, values ...any) {
	fmt.Printf("failed: "+format+"\n", values...)
	os.Exit(1)
}
