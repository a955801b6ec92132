"""Policies out of public libraries, small, with random weights, as graphs and float64 gradients to check `forearm grad` with.

usage: python public_policies.py OUT_FOLDER [NAME ...]

Writes NAME.KIND.onnx and NAME.KIND.npz, KIND one of `trainable` (our exporter), `unoptimised` (torch.onnx.export with
dynamo=True, optimize=False) and `torchscript` (dynamo=False, opset 17, no constant folding). Then, for each:
  ./forearm grad --check NAME.KIND.onnx --inputs NAME.KIND.npz --expect NAME.KIND.npz
Needs lerobot, transformers, diffusers, stable-baselines3 and torchvision; what is missing is skipped and named.
"""
import io
import os
import sys
import types
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
import numpy as np  # noqa: E402
import onnx  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from forearm_export import trainable  # noqa: E402


class One(nn.Module):
    def __init__(self, net, call):
        super().__init__()
        self.net, self.call = net, call

    def forward(self, a):
        return self.call(self.net, a)


class Two(One):
    def forward(self, a, b):
        return self.call(self.net, a, b)


class Three(One):
    def forward(self, a, b, c):
        return self.call(self.net, a, b, c)


def llama():
    from transformers import LlamaConfig, LlamaModel

    config = LlamaConfig(vocab_size=40, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
                         num_key_value_heads=2, use_cache=False)
    return One(LlamaModel(config), lambda m, x: m(inputs_embeds=x, use_cache=False).last_hidden_state)


def gpt2():
    from transformers import GPT2Config, GPT2Model

    config = GPT2Config(vocab_size=40, n_positions=12, n_embd=24, n_layer=2, n_head=3, attn_implementation="eager")
    return One(GPT2Model(config), lambda m, x: m(inputs_embeds=x, use_cache=False).last_hidden_state)


def siglip():
    from transformers import SiglipVisionConfig, SiglipVisionModel

    config = SiglipVisionConfig(hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=3, image_size=16, patch_size=4)
    return One(SiglipVisionModel(config), lambda m, x: m(pixel_values=x).pooler_output)


def vit():
    from transformers import ViTConfig, ViTModel

    config = ViTConfig(hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=3, image_size=16, patch_size=4)
    return One(ViTModel(config), lambda m, x: m(pixel_values=x).last_hidden_state)


def smolvlm():
    from transformers import SmolVLMConfig, SmolVLMForConditionalGeneration

    vision = dict(hidden_size=24, intermediate_size=32, num_hidden_layers=1, num_attention_heads=3, image_size=16, patch_size=4)
    text = dict(model_type="llama", vocab_size=40, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
                num_key_value_heads=2, pad_token_id=0)
    model = SmolVLMForConditionalGeneration(SmolVLMConfig(vision_config=vision, text_config=text, scale_factor=2, image_token_id=39, use_cache=False))

    def call(m, image, tokens):
        seen = m.model.connector(m.model.vision_model(pixel_values=image).last_hidden_state)
        embedded = torch.cat([seen, m.get_input_embeddings()(tokens)], 1)
        return m.lm_head(m.model.text_model(inputs_embeds=embedded, use_cache=False).last_hidden_state)

    return Two(model, call)


def resnet18():
    import torchvision

    return torchvision.models.resnet18(weights=None, num_classes=5)


def sb3_sac():
    import gymnasium
    from stable_baselines3.sac.policies import SACPolicy

    box = lambda n: gymnasium.spaces.Box(-1, 1, (n,), np.float32)
    actor = SACPolicy(box(6), box(2), lambda _: 1e-3, net_arch=[32, 32]).actor
    return One(actor, lambda a, x: torch.cat([torch.tanh(a.mu(a.latent_pi(x))), a.log_std(a.latent_pi(x)).clamp(-20, 2)], -1))


def unet1d():
    from diffusers import UNet1DModel

    model = UNet1DModel(sample_size=16, in_channels=4, out_channels=4, block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=4,
                        down_block_types=("DownResnetBlock1D", "DownResnetBlock1D"), up_block_types=("UpResnetBlock1D",),
                        mid_block_type="MidResTemporalBlock1D", out_block_type="OutConv1DBlock", act_fn="mish", use_timestep_embedding=True)
    return Two(model, lambda m, x, t: m(x, t, return_dict=False)[0])


def dit():
    from diffusers import DiTTransformer2DModel

    model = DiTTransformer2DModel(num_attention_heads=2, attention_head_dim=8, in_channels=4, num_layers=2, sample_size=8, patch_size=2,
                                  num_embeds_ada_norm=10, norm_num_groups=4)
    return Three(model, lambda m, x, t, c: m(x, timestep=t, class_labels=c, return_dict=False)[0])


def lerobot_policy(policy):
    """lerobot.policies.POLICY without importing every other policy, and a configuration's features."""
    import importlib

    import lerobot

    for name in ("lerobot.policies", f"lerobot.policies.{policy}"):
        package = types.ModuleType(name)
        package.__path__ = [str(Path(lerobot.__path__[0]).joinpath(*name.split(".")[1:]))]
        sys.modules.setdefault(name, package)
    features = importlib.import_module("lerobot.configs.types")
    kind, feature = features.FeatureType, features.PolicyFeature
    shapes = {
        "input_features": {"observation.state": feature(kind.STATE, (6,)), "observation.images.cam": feature(kind.VISUAL, (3, 64, 64))},
        "output_features": {"action": feature(kind.ACTION, (4,))},
        "device": "cpu",
        "pretrained_backbone_weights": None,
    }
    load = lambda part: importlib.import_module(f"lerobot.policies.{policy}.{part}_{policy}")
    return load("configuration"), load("modeling"), shapes


def lerobot_act():
    configuration, modeling, shapes = lerobot_policy("act")
    config = configuration.ACTConfig(chunk_size=6, n_action_steps=6, dim_model=32, n_heads=4, dim_feedforward=48, n_encoder_layers=2,
                                     n_vae_encoder_layers=1, latent_dim=8, **shapes)
    return Two(modeling.ACT(config), lambda m, s, i: m({"observation.state": s, "observation.images": [i]})[0])


def lerobot_diffusion():
    configuration, modeling, shapes = lerobot_policy("diffusion")
    config = configuration.DiffusionConfig(down_dims=(16, 32), n_groups=4, diffusion_step_embed_dim=16, horizon=16, **shapes)
    return Three(modeling.DiffusionConditionalUnet1d(config, global_cond_dim=10), lambda m, x, t, g: m(x, t, global_cond=g))


def lerobot_rgb_encoder():
    configuration, modeling, shapes = lerobot_policy("diffusion")
    config = configuration.DiffusionConfig(down_dims=(16, 32), crop_shape=(56, 56), crop_is_random=False, **shapes)
    return One(modeling.DiffusionRgbEncoder(config), lambda m, x: m(x))


def lerobot_vqbet():
    configuration, modeling, shapes = lerobot_policy("vqbet")
    config = configuration.VQBeTConfig(gpt_input_dim=16, gpt_output_dim=12, gpt_n_layer=2, gpt_n_head=2, gpt_hidden_dim=16, gpt_block_size=8, **shapes)
    return One(modeling.GPT(config), lambda m, x: m(x))


def lerobot_tdmpc():
    configuration, modeling, shapes = lerobot_policy("tdmpc")
    shapes.pop("pretrained_backbone_weights")
    shapes["input_features"].pop("observation.images.cam")

    def call(m, state, action):
        z, reward = m.latent_dynamics_and_reward(m.encode({"observation.state": state}), action)
        return torch.cat([z, reward[:, None], m.Qs(z, action).T, m.V(z)[:, None], torch.tanh(m._pi(z))], -1)

    return Two(modeling.TDMPCTOLD(configuration.TDMPCConfig(latent_dim=12, mlp_dim=16, **shapes)), call)


def policies():
    r = torch.randn
    return {
        "sb3_sac": (sb3_sac, [r(4, 6)]),
        "llama": (llama, [r(2, 7, 32)]),
        "gpt2": (gpt2, [r(2, 7, 24)]),
        "siglip": (siglip, [r(2, 3, 16, 16)]),
        "vit": (vit, [r(2, 3, 16, 16)]),
        "smolvlm": (smolvlm, [r(2, 3, 16, 16), torch.randint(0, 38, (2, 5))]),
        "unet1d": (unet1d, [r(2, 4, 16), torch.tensor([3.0, 9.0])]),
        "dit": (dit, [r(2, 4, 8, 8), torch.tensor([3, 9]), torch.tensor([1, 2])]),
        "lerobot_act": (lerobot_act, [r(2, 6), r(2, 3, 64, 64)]),
        "lerobot_diffusion": (lerobot_diffusion, [r(2, 16, 4), torch.tensor([3, 9]), r(2, 10)]),
        "lerobot_rgb_encoder": (lerobot_rgb_encoder, [r(2, 3, 64, 64)]),
        "lerobot_vqbet": (lerobot_vqbet, [r(2, 8, 16)]),
        "lerobot_tdmpc": (lerobot_tdmpc, [r(4, 6), r(4, 4)]),
        "resnet18": (resnet18, [r(2, 3, 64, 64)]),
    }


def unoptimised(module, inputs):
    return torch.onnx.export(module, tuple(inputs.values()), dynamo=True, optimize=False, verbose=False, opset_version=20,
                             input_names=list(inputs)).model_proto


def torchscript(module, inputs):
    buffer = io.BytesIO()
    torch.onnx.export(module, tuple(inputs.values()), buffer, dynamo=False, opset_version=17, input_names=list(inputs),
                      do_constant_folding=False, dynamic_axes={name: {0: "batch"} for name in inputs})
    return onnx.load_from_string(buffer.getvalue())


KINDS = {"trainable": trainable.trainable_graph, "unoptimised": unoptimised, "torchscript": torchscript}


def jittered(build):
    """Random weights, and none of them equal: plain exporters merge those that are."""
    torch.manual_seed(1)
    module = build().eval()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return module


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    for name, (build, values) in policies().items():
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        inputs = {f"in{i}": value for i, value in enumerate(values)}
        for kind, export in KINDS.items():
            try:
                module = jittered(build)
                model = export(module, inputs)
                probe = trainable.gradient_probe(module, inputs)
            except Exception as e:  # a library that is missing, or an operator that this exporter does not know
                print(f"{name}.{kind}: not exported: {type(e).__name__}: {str(e).strip().splitlines()[0][:150]}")
                continue
            there = {tensor.name for tensor in model.graph.initializer}
            known = {k: v for k, v in probe.items() if not k.startswith("grad.") or k.removeprefix("grad.") in there}
            onnx.save(model, out / f"{name}.{kind}.onnx")
            np.savez(out / f"{name}.{kind}.npz", **known)
            print(f"{name}.{kind}: {len(model.graph.node)} nodes, {len(known) - len(probe) + sum(k.startswith('grad.') for k in probe)} gradients", flush=True)


main()
